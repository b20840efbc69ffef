first, *mid, last = range(8)  #: 16*4 +32
print(first, mid, last)
(a, b), [c, *d] = (1, 2), [3, 4, 5]  #: 16*4 136
print(a, b, c, d)
for i, (x, y) in enumerate([(1, 2), (3, 4)]):  #: 16*2 12 16*3
    print(i, x, y)
l = list(range(3)) + list("ab")  #: 16*8 20
print(l, dict(**{"a": 1}, b=2))  #: 16 8 20 16*2
def rect():  #: 16 184
    return 10, 20, 30, 40
x, y, w, h = rect()
print(x + w, y + h)
print(*[1, 2, 3], sep="-", end="!\n")  #: 16*2 32
#5.0.0 7: 16*8 20 184
#5.0.0 9: 16
#| 0 [1, 2, 3, 4, 5, 6] 7
#| 1 2 3 [4, 5]
#| 0 1 2
#| 1 3 4
#| [0, 1, 2, 'a', 'b'] {'a': 1, 'b': 2}
#| 40 60
#| 1-2-3!
