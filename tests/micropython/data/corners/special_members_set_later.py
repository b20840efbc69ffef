class A:
    pass
class B(A):
    pass
try:
    A.x = property(lambda self: 1)
except AttributeError as e:
    print(e)
class C:
    pass
C.x = property(lambda self: 7)
print(C().x)
C.y = 3
del C.y
print(hasattr(C, "y"))
try:
    del C.y
except AttributeError as e:
    print(e)
try:
    int.x = 1
except AttributeError as e:
    print(e)
