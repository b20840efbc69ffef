sq = lambda x: x * x  #: 16
add = lambda a, b=1: a + b  #: 12 20
comp = lambda f, g: lambda x: f(g(x))  #: 16*2 20
print(sq(5), add(2), add(2, 3), comp(sq, add)(4))  #: 8*2
table = {"inc": lambda v: v + 1, "dec": lambda v: v - 1, "neg": lambda v: -v}  #: 16 24 16*3
v = 5
for op in ("inc", "inc", "neg", "dec"):
    v = table[op](v)
    print(op, v)
print(list(map(lambda t: t[0] + t[1], [(1, 2), (3, 4)])), (lambda *a: a)(1, 2))  #: 16*7 4*3 16*2
#5.0.0 7: 136
#| 25 3 5 25
#| inc 6
#| inc 7
#| neg -7
#| dec -8
#| [3, 7] (1, 2)
