def map_range(x, a, b, c, d):  #: 16
    return (x - a) * (d - c) / (b - a) + c  #: 8*60
def clamp(v, lo, hi):  #: 16
    return lo if v < lo else hi if v > hi else v
pan, tilt = 90.0, 90.0
for f in range(15):
    ex = (f * 40) % 320 - 160
    ey = (f * 25) % 240 - 120  #: 136
    pan = clamp(pan - ex * 0.05, 0, 180)  #: 8*30
    tilt = clamp(tilt + ey * 0.05, 30, 150)  #: 8*30
    duty = int(map_range(pan, 0, 180, 500, 2500))
print("%.2f %.2f %d" % (pan, tilt, duty))  #: 20 16 +40 16
#5.0.0 7: 136
#5.0.0 8: 
#| 112.00 71.25 1744
