import array
print(array.array("i", iter((1, 2, 3))), array.array("b", (1, 2)), array.array("f", [1e39, -1e39]))
