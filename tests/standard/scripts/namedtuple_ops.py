from collections import namedtuple  #: 12
Box = namedtuple("Box", ("x", "y", "w", "h"))  #: 72
b = Box(1, 2, 3, 4)  #: 24
print(b, b.x, b[1], len(b), b.w * b.h)
x, y, w, h = b  #: 136
print(x + y + w + h, b == (1, 2, 3, 4), Box(x=5, y=6, w=7, h=8))  #: 24
boxes = [Box(i, i * 2, 10, 10) for i in range(12)]  #: 16*2 68 16*2 24*5 +32 24*4 +64 24*3
print(max(boxes, key=lambda q: q.y), sum(q.x for q in boxes))  #: 16*3 56
try:
    b.x = 5  #: 16*2 12*2
except AttributeError:
    print("readonly")
P = namedtuple("P", "a b c")  #: 16*3 2 68
print(P(1, 2, 3))  #: 20
#| Box(x=1, y=2, w=3, h=4) 1 2 4 12
#| 10 True Box(x=5, y=6, w=7, h=8)
#| Box(x=11, y=22, w=10, h=10) 66
#| readonly
#| P(a=1, b=2, c=3)
