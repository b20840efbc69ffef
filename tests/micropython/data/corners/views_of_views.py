b = bytearray(range(10))
m = memoryview(b)[2:6]
n = memoryview(m)
print(bytes(n), len(n))
n[0] = 99
print(b[2], bytes(memoryview(n)[1:]))
for bad in (lambda: memoryview(b"abc").__setitem__(0, 1), lambda: setattr(m, "x", 1)):
    try:
        print(bad())
    except (TypeError, AttributeError) as e:
        print(type(e).__name__)
try:
    memoryview(b"abc")[0] = 1
except TypeError as e:
    print("TypeError", e)
