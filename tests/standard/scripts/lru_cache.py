class LRU:  #: 16*3 60
    def __init__(self, n):  #: 16 32
        self.n = n  #: 16
        self.d = {}  #: 16
        self.order = []  #: 16*2 32
    def get(self, k):  #: 16
        if k in self.d:
            self.order.remove(k)
            self.order.append(k)
            return self.d[k]
        return None
    def put(self, k, v):  #: 16 48
        if k in self.d:
            self.order.remove(k)
        elif len(self.d) >= self.n:
            old = self.order.pop(0)
            del self.d[old]
        self.d[k] = v  #: 16 32
        self.order.append(k)
c = LRU(5)  #: 16 12
hits = 0
for i in range(60):
    k = (i * i) % 9
    if c.get(k) is None:
        c.put(k, "v" + str(k))  #: 16*2 3 16*3 3 16*3 3 16*3 3 16
    else:
        hits += 1
print(hits, c.order, sorted(c.d))  #: 16*3
#| 56 [1, 4, 0, 7] [0, 1, 4, 7]
