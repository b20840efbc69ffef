import micropython
from micropython import const  #: 12
W = const(320)
_H = const(240)
FLAG = const(1 << 4)
print(W * _H, FLAG | 1, W)
micropython.alloc_emergency_exception_buf(100)  #: 100
print(micropython.opt_level())
@micropython.native  #: 16
def addn(a, b):
    return a + b
@micropython.viper  #: 16
def addv(a: int, b: int) -> int:
    s = 0
    for i in range(a):
        s += b
    return s
print(addn(3, 4), addv(10, 5))
def cb(x):  #: 16 136
    print("sched", x)
micropython.schedule(cb, 7)
for i in range(10):
    pass
print(micropython.heap_locked() if hasattr(micropython, "heap_locked") else "")
#5.0.0 12: 16 136
#5.0.0 19: 16
#| 76800 17 320
#| 0
#| 7 50
#| sched 7
