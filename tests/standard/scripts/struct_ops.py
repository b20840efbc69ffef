import struct
p = struct.pack("<BHI", 1, 500, 70000)  #: 8 16
print(p, struct.unpack("<BHI", p), struct.calcsize("<BHI"), struct.calcsize("BHI"))  #: 20
print(struct.pack(">hhf", -1, 2, 1.5), struct.unpack(">f", b"\x3f\xc0\x00\x00"))  #: 9 16 12 8
buf = bytearray(16)  #: 16*2
struct.pack_into("<IHB4s", buf, 2, 1, 2, 3, b"abcd")
print(buf, struct.unpack_from("<IH", buf, 2))  #: 16
for i in range(5):
    pkt = struct.pack("<BBhh", 0xAA, i, i * 10, -i)  #: 7 16 7 16 7 16 7 16 7 16
    print(pkt, sum(pkt) & 0xFF)
print(struct.unpack("3B", b"\x01\x02\x03"), struct.unpack("<q", b"\xff" * 8), struct.pack("5s", b"hi"))  #: 20 9 16 12 6 16
print(struct.unpack("<4H", bytes(range(8))))  #: 16 8 16 24
#| b'\x01\xf4\x01p\x11\x01\x00' (1, 500, 70000) 7 8
#| b'\xff\xff\x00\x02?\xc0\x00\x00' (1.5,)
#| bytearray(b'\x00\x00\x01\x00\x00\x00\x02\x00\x03abcd\x00\x00\x00') (1, 2)
#| b'\xaa\x00\x00\x00\x00\x00' 170
#| b'\xaa\x01\n\x00\xff\xff' 179
#| b'\xaa\x02\x14\x00\xfe\xff' 189
#| b'\xaa\x03\x1e\x00\xfd\xff' 199
#| b'\xaa\x04(\x00\xfc\xff' 209
#| (1, 2, 3) (-1,) b'hi\x00\x00\x00'
#| (256, 770, 1284, 1798)
