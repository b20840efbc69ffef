t = (1, 2.5, "three", None, True)
print(t[1], t[-1], t[1:3], len(t), t + (6,), (0,) * 5, 2.5 in t)  #: 16*2 32 28
a, b, *rest = t  #: 16*2
print(a, b, rest)
*init, last = t  #: 16*2
print(init, last)
x, (y, z) = 1, (2, 3)  #: 136
print(x, y, z)
print(t.count(1), t.index("three"), tuple([1, 2]), tuple("ab"), tuple(range(5)))  #: 16*11 +32 28
print((1, 2) < (1, 3), (1, 2) == (1, 2), hash((1, 2)) == hash((1, 2)))
p, q = 5, 6
p, q = q, p
print(p, q)
def mm(v):  #: 16 184
    return min(v), max(v)  #: 16
lo, hi = mm([4, 2, 8])  #: 16*2
print(lo, hi)
#5.0.0 5: 16*2 136
#5.0.0 7: 
#5.0.0 11: 184
#5.0.0 14: 16
#| 2.5 True (2.5, 'three') 5 (1, 2.5, 'three', None, True, 6) (0, 0, 0, 0, 0) True
#| 1 2.5 ['three', None, True]
#| [1, 2.5, 'three', None] True
#| 1 2 3
#| 2 2 (1, 2) ('a', 'b') (0, 1, 2, 3, 4)
#| True True True
#| 6 5
#| 2 8
