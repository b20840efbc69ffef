pts = [(5, "e"), (1, "z"), (3, "c"), (1, "a"), (4, "d")]  #: 16 20
pts.sort()
print(pts)
pts.sort(key=lambda p: p[1])  #: 16
print(pts)
print(sorted(pts, key=lambda p: (p[0] % 3, -p[0])))  #: 16*4 +32 16*9
words = ["pear", "fig", "apple", "kiwi"]  #: 16*2
print(sorted(words, key=len), sorted(words, key=lambda w: w[-1]))  #: 16*7
blobs = [{"id": i, "area": (i * 71) % 50} for i in range(15)]  #: 16*14 +32 16*8 +64 16*12
blobs.sort(key=lambda b: b["area"], reverse=True)  #: 16
print([b["id"] for b in blobs])  #: 16*3 +32 +64
big = [(i * 7919) % 1000 for i in range(100)]  #: 16*4 +32 +64 +128 +256 +512
big.sort()
print(big[:10], big[-5:])  #: 16*2 40 16*2 20
#| [(1, 'a'), (1, 'z'), (3, 'c'), (4, 'd'), (5, 'e')]
#| [(1, 'a'), (3, 'c'), (4, 'd'), (5, 'e'), (1, 'z')]
#| [(3, 'c'), (4, 'd'), (1, 'z'), (1, 'a'), (5, 'e')]
#| ['fig', 'kiwi', 'pear', 'apple'] ['apple', 'fig', 'kiwi', 'pear']
#| [7, 14, 2, 9, 4, 11, 6, 13, 1, 8, 3, 10, 5, 12, 0]
#| [0, 3, 6, 28, 31, 34, 56, 59, 62, 84] [950, 953, 975, 978, 981]
