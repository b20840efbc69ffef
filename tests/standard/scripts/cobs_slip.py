END, ESC = 0xC0, 0xDB
def slip(d):  #: 16
    out = bytearray([END])  #: 16*3 1 16*4 1 16*4 1 16*4 1 16*4 1 16*4 1 16*4 1 16
    for b in d:
        if b == END:
            out += bytes([ESC, 0xDC])  #: 16*2 2 16*3 2 16
        elif b == ESC:
            out += bytes([ESC, 0xDD])  #: 16*2 2 16*3 2 16
        else:
            out.append(b)  #: +17*3 +33 +17 +33
    out.append(END)  #: +49
    return bytes(out)  #: 16 10 16 10 16 3 16 13 16 23 16 33 16 43
def unslip(d):  #: 16
    out = bytearray()  #: 16*6
    esc = False
    for b in d[1:-1]:  #: 16*2 8 16*2 1 16*2 11 16*2 21 16*2 31 16*2 41
        if esc:
            out.append(END if b == 0xDC else ESC)
            esc = False
        elif b == ESC:
            esc = True
        else:
            out.append(b)  #: 8*3 +24 8 +24 8 +24 +40
    return bytes(out)  #: 16 6 16*2 11 16 21 16 31 16 41
m = bytes([1, 0xC0, 2, 0xDB, 3])  #: 16 20 5 16
print(slip(m), unslip(slip(m)) == m)  #: 68
for i in range(5):
    assert unslip(slip(bytes(range(i * 10)))) == bytes(range(i * 10))  #: 16 1 16 68 16 1 16*2 10 16 68 16 10 16*2 20 16 68 16 20 16*2 30 16 68 16 30 16*2 40 16 68 16 40 16
print("ok")
#5.0.0 27: 136
#| b'\xc0\x01\xdb\xdc\x02\xdb\xdd\x03\xc0' True
#| ok
