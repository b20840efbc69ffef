print(object.__setattr__, object.__delattr__)
class A:
    pass
a = A()
object.__setattr__(a, "x", 1)
print(a.x)
object.__delattr__(a, "x")
for act in (lambda: object.__delattr__(a, "x"), lambda: object.__setattr__(1, "x", 1), lambda: object.__setattr__(a, 1, 1), lambda: object.__delattr__([], "x")):
    try:
        act()
    except (TypeError, AttributeError) as e:
        print(type(e).__name__, e)
print(object.__init__(a))
print(type(object.__new__(A)) is A)
try:
    object.__new__(int)
except TypeError as e:
    print(e)
