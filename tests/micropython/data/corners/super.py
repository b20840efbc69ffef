class A:
    def f(self):
        return "A"
class B(A):
    def f(self):
        return "B" + super().f()
    def g(self):
        try:
            super().nothing
        except AttributeError as e:
            print(e)
B().g()
print(B().f())
class L(list):
    def append(self, x):
        super().append(x)
        return self
print(L().append(3))
print(super(B, B()).f())
