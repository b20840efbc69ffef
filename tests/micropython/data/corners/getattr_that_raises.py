class E(Exception):
    pass
class A:
    def __getattr__(self, name):
        if name == "bad":
            raise ValueError("bad")
        raise AttributeError(name)
a = A()
print(getattr(a, "x", 5), hasattr(a, "x"))
for get in (lambda: getattr(a, "bad", 5), lambda: hasattr(a, "bad")):
    try:
        print(get())
    except ValueError as e:
        print("ValueError", e)
