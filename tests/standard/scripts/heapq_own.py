import heapq
h = []  #: 16*2
for v in (5, 2, 8, 1, 9, 3):
    heapq.heappush(h, v)  #: +32
print([heapq.heappop(h) for _ in range(len(h))])  #: 16*4 +32
h = [(i * 7) % 10 for i in range(10)]  #: 16*4 +32 +64
heapq.heapify(h)
print(h[0], heapq.heappop(h))
tasks = []  #: 16*2
for p, n in ((3, "c"), (1, "a"), (2, "b")):
    heapq.heappush(tasks, (p, n))  #: 16*3
while tasks:
    print(heapq.heappop(tasks))
#5.0.0 10: 136
#| [1, 2, 3, 5, 8, 9]
#| 0 0
#| (1, 'a')
#| (2, 'b')
#| (3, 'c')
