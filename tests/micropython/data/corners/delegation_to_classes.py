class It:
    def __iter__(self):
        return self
    def __next__(self):
        return 5
    def send(self, x):
        return ("sent", x)
    def throw(self, e):
        return ("thrown", e)
    def close(self):
        print("closed")
def g():
    yield from It()
i = g()
print(next(i), i.send(3), i.throw(ValueError))
i.close()
class Bare:
    def __iter__(self):
        return self
    def __next__(self):
        return 5
def g():
    yield from Bare()
for e in (ValueError("v"), StopIteration("s"), GeneratorExit()):
    i = g()
    next(i)
    try:
        print(i.throw(e))
    except BaseException as x:
        print(repr(x))
i = g()
next(i)
i.close()
try:
    i = g()
    next(i)
    i.send(3)
except AttributeError as x:
    print(x)
