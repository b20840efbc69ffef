print(type.__name__, int.__name__)
try:
    int.nothing
except AttributeError as e:
    print(e)
try:
    type(iter([]))()
except TypeError as e:
    print(e)
print(type(int.__dict__).__name__)
class A:
    x = 1
d = A.__dict__
print(d["x"])
for bad in (lambda: d.update({1: 2}), lambda: d.pop("x"), lambda: d.clear(), lambda: d.__setitem__(1, 2)):
    try:
        bad()
    except TypeError as e:
        print("TypeError")
