SYNC = 0xAA  #: 16
def checksum(p):  #: 16
    s = 0
    for b in p:
        s = (s + b) & 0xFF
    return s
def frame(cmd, payload):  #: 16
    body = bytes([cmd, len(payload)]) + payload  #: 16*2 2 16 6 16*3 2 16*3 2 16 13 16
    return bytes([SYNC]) + body + bytes([checksum(body)])  #: 16*2 1 16 7 16*3 1 16 8 16*3 1 16 4 16*3 1 16 5 16*3 1 16 14 16*3 1 16 15 16
stream = b"\x00\x01" + frame(1, b"abc") + b"\xff" + frame(2, b"") + frame(3, bytes(range(10))) + b"\xaa\x05"  #: 10 16 11 16 15 16*2 10 16 29 16 31 16
class Parser:  #: 16*2 60
    def __init__(self):  #: 16 32
        self.state = 0  #: 16
        self.buf = bytearray()  #: 16
        self.out = []  #: 16*2 32
    def feed(self, b):  #: 16
        if self.state == 0:
            if b == SYNC:
                self.state = 1
                self.buf = bytearray()  #: 16*4
        elif self.state == 1:
            self.buf.append(b)  #: 8*4
            if len(self.buf) >= 2 and len(self.buf) == self.buf[1] + 3:
                if checksum(self.buf[:-1]) == self.buf[-1]:  #: 16 5 16 2 16 12
                    self.out.append((self.buf[0], bytes(self.buf[2:-1])))  #: 16 3 16 4 16*5 10 16 11 16
                self.state = 0
p = Parser()  #: 16
for b in stream:  #: 136
    p.feed(b)
print(p.out, p.state)
#5.0.0 27: 16 136
#5.0.0 28: 
#| [(1, b'abc'), (2, b''), (3, b'\x00\x01\x02\x03\x04\x05\x06\x07\x08\t')] 1
