from ulab import numpy as np  #: 12
from ulab import scipy  #: 12
x = np.sin(np.arange(16) * 0.5)  #: 16 52 16 32 16 52 16 4 16*3 52 16 64 52 16 64 16
r, i = np.fft.fft(x)  #: 16 52 16 64 16 52 16 64 16
print(np.argmax(abs(r)), len(r), len(i))  #: 16 52 64
print(np.convolve(np.array([1, 2, 3]), np.array([0, 1, 0.5])))  #: 16*2 52 16 12 16*2 52 16 12 16 52 16 20 8*5
print(np.array([1, 2, 3]).tobytes()[:4] if hasattr(np.array([1]), "tobytes") else "")  #: 16*2 52 16 4 16*2 52 16 12 16*2 4
a = np.zeros((10, 10), dtype=np.uint8)  #: 16 52 16 100
for k in range(10):  #: 136
    a[k, k] = k  #: 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1 16*2 52 16 1 16*2 52 16*4 52 1
print(np.sum(a), np.diag(np.array([1, 2])), np.meshgrid(np.arange(2), np.arange(2)) if hasattr(np, "meshgrid") else "-")  #: 16*2 52 16 8 16 52 16*2 8*4
print(np.ndinfo(a) if hasattr(np, "ndinfo") else "-")
np.set_printoptions(threshold=5)
print(np.arange(100))  #: 16 52 16 200
#5.0.0 8: 16 52 16 100 136
#5.0.0 9: 
#5.0.0 11: 16*2 52 16 8 16 52 16*3 52 16 4 16 52 16 4 16*2 52 16 8 52 16 8*5
#| 15 16 16
#| array([0.0, 1.0, 2.5, 4.0, 1.5], dtype=float32)
#| bytearray(b'\x00\x00\x80?')
#| 45 array([[1.0, 0.0],
#|        [0.0, 2.0]], dtype=float32) -
#| class: ndarray
#| shape: (0, 10)
#| strides: (0, 1)
#| itemsize: 1
#| data pointer: 0x202826c0
#| type: uint8
#| None
#| array([0, 1, 2, ..., 97, 98, 99], dtype=int16)
#5.0.0| 15 16 16
#5.0.0| array([0.0, 1.0, 2.5, 4.0, 1.5], dtype=float32)
#5.0.0| bytearray(b'\x00\x00\x80?')
#5.0.0| 45 array([[1.0, 0.0],
#5.0.0|        [0.0, 2.0]], dtype=float32) (array([[0, 1],
#5.0.0|        [0, 1]], dtype=int16), array([[0, 0],
#5.0.0|        [1, 1]], dtype=int16))
#5.0.0| class: ndarray
#5.0.0| shape: (0, 10)
#5.0.0| strides: (0, 1)
#5.0.0| itemsize: 1
#5.0.0| data pointer: 0x202826d0
#5.0.0| type: uint8
#5.0.0| None
#5.0.0| array([0, 1, 2, ..., 97, 98, 99], dtype=int16)
