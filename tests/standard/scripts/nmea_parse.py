lines = ["$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47", "$GPRMC,1,A,2*00", "junk"]  #: 16*2
def ck(s):  #: 16
    c = 0
    for ch in s:  #: 304
        c ^= ord(ch)
    return c
for l in lines:
    if not l.startswith("$") or "*" not in l:
        print("skip", l)
        continue
    body, cs = l[1:].split("*")  #: 16*2 65 16*3 62 16 3 16*2 15 16*3 12 16 3
    ok = "%02X" % ck(body) == cs  #: 16*4
    f = body.split(",")  #: 16*3 7 16 9 16 10 +32 16 3 16 4 +64 16 6 16 5 136 16*3 6
    print(f[0], ok, len(f))
    if f[0] == "GPGGA" and ok:
        lat = float(f[2][:2]) + float(f[2][2:]) / 60  #: 16*2 3 8 16*2 7 8*3
        print("%.4f %s %d" % (lat, f[3], int(f[7])))  #: 20 16*3
#5.0.0 12: 16*2 136 16*2
#5.0.0 13: 16*3 7 16 9 16 10 +32 16 3 16 4 +64 16 6 16 5 16*3 6
#| GPGGA True 15
#| 48.1173 N 8
#| GPRMC False 4
#| skip junk
