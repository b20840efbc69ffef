print(~0, ~(1 << 40), ~-(1 << 40), (1 << 40) ** -1 > 0, (1 << 40) ** 2, (-1 << 40) >> 3)
try:
    print((1 << 40) @ 3)
except TypeError as e:
    print("TypeError")
