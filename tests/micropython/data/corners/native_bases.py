class A(int):
    def __call__(self):
        return "called"
class L(list):
    pass
print(A(3)(), L((1, 2)))
try:
    L()()
except TypeError as e:
    print("TypeError")
class B(list):
    def __init__(self):
        pass
try:
    B().append(1)
except AttributeError as e:
    print(e)
class H:
    def __int__(self):
        return "x"
    def __hash__(self):
        return 1.0
for bad in (lambda: int(H()), lambda: hash(H())):
    try:
        print(bad())
    except TypeError as e:
        print("TypeError")
