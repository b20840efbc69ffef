ba = bytearray(10)  #: 16 10
ba[0] = 255
ba[1:4] = b"abc"
print(ba, len(ba), ba[1])
ba.append(7)  #: +18
ba.extend(b"xyz")
print(ba)
for i in range(100):
    ba.append(i)  #: +34 +50 +66 +82 +98 +114
print(len(ba))
ba2 = bytearray(b"start")  #: 16 5
ba2 += b"-end"
print(ba2, ba2[2:], ba2.find(b"e"), bytes(ba2))  #: 16 7 16 10
ba3 = bytearray()  #: 16
for i in range(40):
    ba3.extend(bytes([i, i]))  #: 16*2 2 16 2 16*2 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16 +18 16*2 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16 +34 16*2 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16 +50 16*2 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16 +66 16*2 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16*3 2 16
print(len(ba3), sum(ba3))
ba2[0:5] = b"X"
print(ba2)
print(bytearray([1, 2]) == b"\x01\x02", bytearray(3) + bytearray(2), ba2.decode())  #: 16*3 2 16*2 3 16 2 16 5 16 6
#| bytearray(b'\xffabc\x00\x00\x00\x00\x00\x00') 10 97
#| bytearray(b'\xffabc\x00\x00\x00\x00\x00\x00\x07xyz')
#| 114
#| bytearray(b'start-end') bytearray(b'art-end') 6 b'start-end'
#| 80 1560
#| bytearray(b'X-end')
#| True bytearray(b'\x00\x00\x00\x00\x00') X-end
