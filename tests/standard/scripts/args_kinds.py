def f(a, b=2, *args, c, d=4, **kw):  #: 12 16*2 24
    return a, b, args, c, d, sorted(kw.items())  #: 12 16*3 32 12 16*5 32 12 16*4 32
print(f(1, c=3))  #: 76 16 8
print(f(1, 2, 3, 4, c=5, z=6, y=7))  #: 76 16*2 24
print(f(*[1, 2, 3], **{"c": 9, "q": 1}))  #: 16*4 32 76 12 16*2
def g(*a):  #: 16
    return len(a), sum(a)  #: 16*3
print(g(), g(1), g(*range(10)))  #: 12 16 44 48
def h(**k):  #: 16
    return sorted(k)  #: 16*6
print(h(x=1, y=2), h(**{"p": 0}))  #: 16*3 8 12 16 8
def opt(x, y=[], z=None):  #: 16*3 24
    y.append(x)
    return len(y), z  #: 16*4
print(opt(1), opt(2), opt(3, [], 5), opt(x=4, z=1))  #: 16*2
try:
    f(1)  #: 76 16*2 8 +68 16 12*2
except TypeError as e:
    print(e)
try:
    g(k=1)  #: 16 15 +60 16 12*2
except TypeError as e:
    print(e)
#| (1, 2, (), 3, 4, [])
#| (1, 2, (3, 4), 5, 4, [('y', 7), ('z', 6)])
#| (1, 2, (3,), 9, 4, [('q', 1)])
#| (0, 0) (1, 1) (10, 45)
#| ['x', 'y'] ['p']
#| (1, None) (2, None) (1, 5) (3, 1)
#| function missing required keyword argument 'c'
#| unexpected keyword argument 'k'
