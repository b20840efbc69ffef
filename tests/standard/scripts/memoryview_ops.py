b = bytearray(range(20))  #: 16*2 20 16
m = memoryview(b)  #: 16
print(len(m), m[3], bytes(m[2:6]))  #: 16*2 5
m[0:3] = b"\xaa\xbb\xcc"
print(b[:5])  #: 16 5
s = m[10:]  #: 16
s[0] = 99
print(b[10], len(s), list(s[::2]) if False else list(s))  #: 16*3 +32 +64
def fill(buf, v):  #: 16
    for i in range(len(buf)):
        buf[i] = v
fill(m[5:8], 1)  #: 16
print(b)
for i in range(10):
    chunk = m[i * 2:i * 2 + 2]  #: 16*10
    print(chunk[0] + chunk[1], end=" ")
print()
import array  #: 136
a = array.array("H", [1, 2, 3])  #: 16*3 6 16
ma = memoryview(a)  #: 16
ma[1] = 500
print(a, len(ma))
#5.0.0 15: 16 136 16*9
#5.0.0 18: 
#| 20 3 b'\x02\x03\x04\x05'
#| bytearray(b'\xaa\xbb\xcc\x03\x04')
#| 99 10 [99, 11, 12, 13, 14, 15, 16, 17, 18, 19]
#| bytearray(b'\xaa\xbb\xcc\x03\x04\x01\x01\x01\x08\tc\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13')
#| 357 207 5 2 17 110 25 29 33 37 
#| array('H', [1, 500, 3]) 3
