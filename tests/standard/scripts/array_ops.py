from array import array  #: 12
a = array("i", [1, -2, 3])  #: 16*3 12 16
b = array("f", [1.5, 2.5])  #: 16*3 8 16
c = array("B", b"\x01\x02")  #: 16 2
h = array("h", range(20))  #: 16*2 40 16
print(a, b, c, h[5:8], len(h), a[1], b[0])  #: 16*2 6 8*3
a.append(100)  #: +44
a.extend(array("i", [7, 8]))  #: 16*3 8 16
print(a)
for i in range(50):
    c.append(i)  #: +18 +34 +50
print(len(c), sum(c), max(h), min(a))
b[0] = 9.25
print(list(b), array("d", [0.5])[0], array("H", (1, 2)), array("b"))  #: 16*3 8*2 16*3 8 16 8 16 4 16*2
e = array("H", [0] * 32)  #: 16*3 128 16 64 16 136
for i in range(32):
    e[i] = i * i
print(e[31], e[-2], sum(e))
f = a + array("i", [5])  #: 16*3 4 16*2 28
print(f, a[-1])
#5.0.0 10: 136
#5.0.0 15: 16*3 128 16 64 16
#| array('i', [1, -2, 3]) array('f', [1.5, 2.5]) array('B', [1, 2]) array('h', [5, 6, 7]) 20 -2 1.5
#| array('i', [1, -2, 3, 100, 7, 8])
#| 52 1228 19 -2
#| [9.25, 2.5] 0.5 array('H', [1, 2]) array('b')
#| 961 900 10416
#| array('i', [1, -2, 3, 100, 7, 8, 5]) 8
