b = b"hello\x00\xff"
print(b, b[0], b[1:4], len(b), b + b"!", b * 2, 0xff in b, b"ll" in b)  #: 16*2 4 9 16 15 16
print(b.find(b"l"), b.count(b"l"), b.split(b"l"), b.replace(b"l", b"L"), b.startswith(b"he"), b.hex() if hasattr(b, "hex") else "-")  #: 16*3 3 16 1 16 4 8 16 15 16
print(bytes(5), bytes([1, 2, 3]), bytes(range(6)), bytes(b"abc"), b"a" < b"b", list(b))  #: 6 16*3 3 16*2 6 16*4 +32
for x in b"\x01\x02":
    print(x, end=",")
print()
print(b"-".join([b"a", b"b"]), b" x ".strip(), b"%d %s" % (5, b"q"))  #: 16*2 4 16*2 2 16*3
#| b'hello\x00\xff' 104 b'ell' 7 b'hello\x00\xff!' b'hello\x00\xffhello\x00\xff' True True
#| 2 2 [b'he', b'', b'o\x00\xff'] b'heLLo\x00\xff' True 68656c6c6f00ff
#| b'\x00\x00\x00\x00\x00' b'\x01\x02\x03' b'\x00\x01\x02\x03\x04\x05' b'abc' True [104, 101, 108, 108, 111, 0, 255]
#| 1,2,
#| b'a-b' b'x' b'5 q'
