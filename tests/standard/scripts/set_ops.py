a = {1, 2, 3, 4}  #: 16*2
b = set([3, 4, 5, 6])  #: 16*4 8 16
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b))  #: 16*3 24 16*3 +32 16*2 8 16*12 24 16*3
a.add(10)  #: 24
a.discard(1)
a.discard(77)
a.remove(2)
print(sorted(a), 3 in a, len(a), a.issubset({3, 4, 10, 11}), {3} <= a, a.isdisjoint({9}))  #: 16*6 4 16 4
c = a.copy()  #: 16 24
c.update([20, 21, 22])  #: 16*3
c.intersection_update({3, 20, 21})  #: 16 12 16*2 8 16
print(sorted(c))  #: 16*3
for i in range(50):
    c.add(i % 17)  #: 24 32 40 48 68 92
print(sorted(c))  #: 16*3 +32 +64 +128
f = frozenset([1, 2, 3])  #: 16*4 8 16
print(sorted(f.union([9])), f == frozenset((3, 2, 1)), hash(f) == hash(frozenset([1, 2, 3])))  #: 16*10 8 16*5 8 16
print(sorted({x % 5 for x in range(20)}))  #: 16*3 8 16 24 16*3 +32
s = set()  #: 16
while len(s) < 6:
    s.add(len(s) * 3)  #: 8 16 24
print(sorted(s), s.pop() in (0, 3, 6, 9, 12, 15))  #: 16*3 +32
#5.0.0 19: 16 136
#| [1, 2, 3, 4, 5, 6] [3, 4] [1, 2] [1, 2, 5, 6]
#| [3, 4, 10] True 3 True True True
#| [3, 20, 21]
#| [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 21]
#| [1, 2, 3, 9] True True
#| [0, 1, 2, 3, 4]
#| [0, 3, 6, 9, 12, 15] True
