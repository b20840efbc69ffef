import io
s = io.StringIO()  #: 16*3
for i in range(20):
    s.write("line %d\n" % i)  #: 16*6 +40 16*6 +64 16*8 +88 16*6 +112 16*6 +136 16*6 +160 16*2
print(len(s.getvalue()))  #: 16 151
s.seek(0)
print(s.readline(), s.read(6), s.tell() if hasattr(s, "tell") else "")  #: 16*2 6 16
print(sum(1 for _ in s))  #: 16 56 16*38
s.close()
b = io.BytesIO(b"\x01\x02\x03\x04")  #: 16*2
print(b.read(2), b.read(), b.read())  #: 3 16 256 16 256 16
b2 = io.BytesIO()  #: 16*3
b2.write(b"abc")
b2.write(bytearray(50))  #: 16 50 +72
print(len(b2.getvalue()), b2.getvalue()[:4])  #: 16 54 16 54 16*2 5
b2.seek(1)
x = bytearray(2)  #: 16 2
print(b2.readinto(x), x)
print("to", "stream", 5, file=s if False else io.StringIO())  #: 16*3
with io.StringIO("a\nb\nc") as f:  #: 16*2 136
    print([l.strip() for l in f])  #: 16*10
#5.0.0 17: 16 2 136
#5.0.0 20: 16*2
#| 150
#| line 0
#|  line 1 13
#| 19
#| b'\x01\x02' b'\x03\x04' b''
#| 53 b'abc\x00'
#| 2 bytearray(b'bc')
#| ['a', 'b', 'c']
