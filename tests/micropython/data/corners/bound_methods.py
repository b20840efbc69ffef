class A:
    def f(self):
        pass
a = A()
print(hash(a.f) == hash(a.f))
for bad in (lambda: -a.f, lambda: len(a.f)):
    try:
        bad()
    except TypeError as e:
        print("TypeError")
