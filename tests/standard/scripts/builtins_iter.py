l = [3, 1, 4, 1, 5, 9, 2, 6]  #: 16 32
print(sorted(l), sorted(l, reverse=True), sorted(l, key=lambda x: -x % 5))  #: 16*3 +32 16*3 +32 16*4 +32
print(min(l), max(l), sum(l), min(3, 1, 2), max("a", "c", "b"), sum([0.5, 1.5]), sum((1, 2), 10))  #: 16*2 8*2
print(min(l, key=lambda x: abs(x - 5)), max([], default=0))  #: 16*3
print(list(zip(l, l[1:])), list(zip("ab", "cd", "ef")))  #: 16*2 28 16*10 +32 16*3 20 16*5 20*3
print(list(map(str, l)), list(map(lambda a, b: a * b, l, l)))  #: 16*4 4 16*2 4 16*2 4 16*2 4 16*2 4 16*2 +32 4 16*2 4 16*2 4 16*2 4 16 20 16*4 8*5 +32 8*4
print(list(filter(lambda x: x > 2, l)), list(filter(None, [0, 1, "", "a"])))  #: 16 12 16*3 +32 16*2 12 16*3
print(list(enumerate(l)), list(enumerate("ab", 5)))  #: 12 16*8 +32 16*3 12 16*5
print(list(reversed(l)), list(range(10, 0, -3)), list(range(0)))  #: 12 16*2 +32 16*8
print(abs(-3), divmod(17, 5), pow(2, 10), pow(3, 4, 5), round(2.567, 1), round(7.5))  #: 16*2 4*4 12 4 12 4 12 4*2 12 4 12 4 8 2
print(bin(10), hex(255), oct(8), bool([]), callable(print), isinstance(1, (int, str)))  #: 16*2 37 16*8
it = iter(l)  #: 16
print(next(it), next(it), next(iter([]), "none"))  #: 16*3
#5.0.0 5: 16*2 28 16*10 +32 16*3 20 16*5 20*2
#| [1, 1, 2, 3, 4, 5, 6, 9] [9, 6, 5, 4, 3, 2, 1, 1] [5, 4, 9, 3, 2, 6, 1, 1]
#| 1 9 31 1 c 2.0 13
#| 5 0
#| [(3, 1), (1, 4), (4, 1), (1, 5), (5, 9), (9, 2), (2, 6)] [('a', 'c', 'e'), ('b', 'd', 'f')]
#| ['3', '1', '4', '1', '5', '9', '2', '6'] [9, 1, 16, 1, 25, 81, 4, 36]
#| [3, 4, 5, 9, 6] [1, 'a']
#| [(0, 3), (1, 1), (2, 4), (3, 1), (4, 5), (5, 9), (6, 2), (7, 6)] [(5, 'a'), (6, 'b')]
#| [6, 2, 9, 5, 1, 4, 1, 3] [10, 7, 4, 1] []
#| 3 (3, 2) 1024 1 2.6 8
#| 0b1010 0xff 0o10 False True True
#| 3 1 none
