from collections import deque  #: 12 16
class Vote:  #: 16*2 60
    def __init__(self, n, k):  #: 16 32
        self.h = deque((), n)  #: 24 32 16
        self.k = k
    def push(self, label):  #: 16
        self.h.append(label)
        c = {}  #: 16*30
        for l in self.h:
            c[l] = c.get(l, 0) + 1  #: 16*5 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16 32 16*2 32 16 32 16 32 16 32 16 32
        best = max(c.items(), key=lambda t: t[1])  #: 12 16*2 12 16*2 12 16*2 12 16*3 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4 12 16*3 12 16*4 12 16*4 12 16*4 12 16*4 12 16*4
        return best[0] if best[1] >= self.k else None
v = Vote(7, 4)  #: 16*2
labels = ["cat", "dog", "bird"]  #: 16*2
out = []  #: 16*2
for i in range(30):
    out.append(v.push(labels[(i * i // 7) % 3]))  #: 72*5 +32 72*4 +64 72*8 +128 72*13
print(out)
#5.0.0 16: 136
#| [None, None, None, None, None, 'cat', 'cat', None, None, None, 'bird', 'bird', 'bird', 'bird', 'bird', 'bird', 'bird', 'bird', None, None, None, 'cat', 'cat', 'cat', 'cat', 'cat', 'cat', 'cat', None, None]
