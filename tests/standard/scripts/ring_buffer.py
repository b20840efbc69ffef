class RB:  #: 16*3 60
    def __init__(self, n):  #: 16 32
        self.b = bytearray(n)  #: 16*3
        self.r = self.w = 0  #: 32
        self.n = n
    def put(self, data):  #: 16
        for x in data:
            self.b[self.w] = x
            self.w = (self.w + 1) % self.n
            if self.w == self.r:
                self.r = (self.r + 1) % self.n
    def get(self, k):  #: 16 48
        out = bytearray()  #: 16*3
        while k and self.r != self.w:
            out.append(self.b[self.r])  #: 8*3
            self.r = (self.r + 1) % self.n
            k -= 1
        return bytes(out)  #: 16 6 16 7 16*2
rb = RB(16)  #: 16 12
rb.put(b"hello world")
print(rb.get(5), rb.get(20))
for i in range(6):
    rb.put(bytes([i] * 5))  #: 16*3 20 5 16*4 20 5 16*4 20 5 16*4 20 5 16*4 20 5 16*4 20 5 16
print(rb.get(100))
#| b'hello' b' world'
#| b'\x03\x03\x03\x03\x03\x04\x04\x04\x04\x04\x05\x05\x05\x05\x05'
