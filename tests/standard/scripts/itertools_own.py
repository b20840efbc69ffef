def chain(*its):  #: 16
    for i in its:
        yield from i  #: 16*3
def take(n, it):  #: 16
    r = []  #: 16*4
    for x in it:
        if len(r) >= n:
            break
        r.append(x)  #: +32*2
    return r
def count(n=0):  #: 12 20
    while True:
        yield n
        n += 1
def cycle(l):  #: 16
    while True:
        for x in l:
            yield x
print(take(5, count(10)), take(7, cycle("abc")), list(chain([1], (2, 3), "z")))  #: 40 56 16*2 60 20 16*2
def product(a, b):  #: 16
    for x in a:
        for y in b:
            yield x, y  #: 16*4
print(list(product([1, 2], "ab")))  #: 16*2 84 16*2
def groupby(l, key):  #: 16
    out = {}  #: 16
    for x in l:
        out.setdefault(key(x), []).append(x)  #: 16*7 32 16*14
    return out
print(sorted(groupby(range(10), lambda v: v % 3).items()))  #: 16*2 68 12 16*6
def reduce(f, l, s):  #: 16 136
    for x in l:
        s = f(s, x)
    return s
print(reduce(lambda a, b: a * b, range(1, 8), 1))  #: 16*2
#5.0.0 25: 16 136
#5.0.0 31: 16
#| [10, 11, 12, 13, 14] ['a', 'b', 'c', 'a', 'b', 'c', 'a'] [1, 2, 3, 'z']
#| [(1, 'a'), (1, 'b'), (2, 'a'), (2, 'b')]
#| [(0, [0, 3, 6, 9]), (1, [1, 4, 7]), (2, [2, 5, 8])]
#| 5040
