data = bytes((i * i + 7 * i) & 0xFF for i in range(500))  #: 16*3 64 16 +40 +64 +88 +112 +136 +160 +184 +208 +232 +256 +280 +304 +328 +352 +376 +400 +424 +448 +472 +496 +520 16
h = [0] * 16  #: 16*3 64
for b in data:
    h[b >> 4] += 1
print(h, max(h), h.index(max(h)))
tot = sum(h)
cum = 0
for i, v in enumerate(h):  #: 12 16*2 136 16*7
    cum += v
    if cum >= tot / 2:  #: 8*8
        print("median bin", i)
        break
mean = sum(data) / len(data)  #: 8
var = sum((b - mean) ** 2 for b in data) / len(data)  #: 16*2 60 8*1501
print("%.2f %.2f" % (mean, var))  #: 16*3
for i in range(0, 16, 4):
    print("%2d %s" % (i, "#" * (h[i] // 4)))  #: 8 16*5 9 16*5 9 16*5 9 16*5
#| [30, 30, 31, 31, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 26] 32 4
#| median bin 7
#| 126.77 5294.18
#|  0 #######
#|  4 ########
#|  8 ########
#| 12 ########
