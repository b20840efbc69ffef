def f():
    x = 1
    def g():
        return x
    return g
g = f()
print(g.__name__, g(), type(g).__name__)
print(str(g)[:9], "n_closed=1" in str(g), "<cell " in str(g))
print(g.__globals__ is globals())
try:
    g.nothing
except AttributeError as e:
    print(e)
