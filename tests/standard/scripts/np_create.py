from ulab import numpy as np  #: 12
a = np.zeros((3, 4))  #: 16 52 16 48
b = np.ones(5, dtype=np.uint8)  #: 16 52 16 5
c = np.array([1, 2, 3, 4])  #: 16*2 52 16*2
d = np.array([[1, 2], [3, 4]], dtype=np.int16)  #: 16*6 52 16 8
e = np.arange(10)  #: 16 52 16 20
f = np.linspace(0, 1, 5)  #: 16 52 16 20 136
g = np.eye(3)  #: 16 52 16 36
h = np.full((2, 2), 7)  #: 16 52 16*2
print(a, b, c, d, e, f, g, h)  #: 8*34
print(a.shape, d.dtype, c.size, d.itemsize, len(d), a.strides)  #: 8 16 8 16
print(np.array(range(5), dtype=np.uint16), np.concatenate((c, c)), np.array([c, c]))  #: 16 52 16 10 16*2 52 16 32 16*2 8 52 16 32 8*24
print(np.frombuffer(b"\x01\x02\x03\x04", dtype=np.uint8), np.frombuffer(bytearray(8), dtype=np.float))  #: 16 52 16*2 8 16 52 16 8*2
#5.0.0 6: 16 52 16 20 136
#5.0.0 7: 16 52 16 20
#| array([[0.0, 0.0, 0.0, 0.0],
#|        [0.0, 0.0, 0.0, 0.0],
#|        [0.0, 0.0, 0.0, 0.0]], dtype=float32) array([1, 1, 1, 1, 1], dtype=uint8) array([1.0, 2.0, 3.0, 4.0], dtype=float32) array([[1, 2],
#|        [3, 4]], dtype=int16) array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], dtype=int16) array([0.0, 0.25, 0.5, 0.75, 1.0], dtype=float32) array([[1.0, 0.0, 0.0],
#|        [0.0, 1.0, 0.0],
#|        [0.0, 0.0, 1.0]], dtype=float32) array([[7.0, 7.0],
#|        [7.0, 7.0]], dtype=float32)
#| (3, 4) 104 4 2 2 (16, 4)
#| array([0, 1, 2, 3, 4], dtype=uint16) array([1.0, 2.0, 3.0, 4.0, 1.0, 2.0, 3.0, 4.0], dtype=float32) array([[1.0, 2.0, 3.0, 4.0],
#|        [1.0, 2.0, 3.0, 4.0]], dtype=float32)
#| array([1, 2, 3, 4], dtype=uint8) array([0.0, 0.0], dtype=float32)
