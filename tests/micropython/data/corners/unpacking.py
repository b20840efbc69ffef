a, *b, c = (1, 2)
print(a, b, c)
a, *b, c = iter(range(6))
print(a, b, c)
for bad in ("a, b, *c, d = iter((1, 2))", "a, b, *c, d = iter((1,))", "a, b = iter((1, 2, 3))", "a, b = 1, 2, 3", "a, *b, c = [1]"):
    try:
        exec(bad)
    except ValueError as e:
        print(e)
