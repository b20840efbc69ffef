class M:  #: 16*3 60
    def __init__(self):  #: 16 32
        self.d = {}  #: 16*2
    def __setitem__(self, k, v):  #: 16
        self.d[k] = v  #: 16
    def __getitem__(self, k):  #: 16 48
        return self.d[k]
    def __delitem__(self, k):  #: 16
        del self.d[k]
    def __iter__(self):  #: 16 64
        return iter(sorted(self.d))  #: 16*8
    def __len__(self):  #: 16
        return len(self.d)
    def __radd__(self, o):  #: 16 80
        return o + len(self.d)
    def __iadd__(self, o):  #: 16
        self.d[o] = o  #: 32
        return self
    def __int__(self):  #: 16 96
        return 7
    def __abs__(self):  #: 16
        return 8
    def __invert__(self):  #: 16 136
        return 9
    def __floordiv__(self, o):  #: 16
        return "fd"
    def __matmul__(self, o):  #: 16
        return "mm"
m = M()  #: 16
m["a"] = 1
m["b"] = 2
m += "c"
print(len(m), list(m), m["c"], 10 + m, int(m), abs(m), ~m, m // 2, m @ m, bool(m))  #: 16*2
del m["a"]
print([k for k in m])  #: 16*3
#| 3 ['a', 'b', 'c'] c 13 7 8 9 fd mm True
#| ['b', 'c']
