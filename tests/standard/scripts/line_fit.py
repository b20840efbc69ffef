pts = [(x, 2 * x + 3 + ((x * 7) % 3 - 1)) for x in range(20)]  #: 16*9 +32 16*4 +64 16*8 +128 16*3
n = len(pts)
sx = sum(p[0] for p in pts)  #: 16*2 60
sy = sum(p[1] for p in pts)  #: 16*2 60
sxx = sum(p[0] * p[0] for p in pts)  #: 16*2 64
sxy = sum(p[0] * p[1] for p in pts)  #: 16*2 64
a = (n * sxy - sx * sy) / (n * sxx - sx * sx)  #: 8 136
b = (sy - a * sx) / n  #: 8*3
print("%.4f %.4f" % (a, b))  #: 16*3
res = [p[1] - (a * p[0] + b) for p in pts]  #: 16*3 8*15 +32 8*12 +64 8*24 +128 8*9
print("%.3f" % max(abs(r) for r in res))  #: 16*2 60 8*7 16*2
#5.0.0 6: 16*2 64 136
#5.0.0 7: 8
#| 2.0053 2.9000
#| 1.089
