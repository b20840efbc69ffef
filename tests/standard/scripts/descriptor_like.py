class Celsius:  #: 16*3 60 16
    def __get__(self, obj, typ):  #: 16 32
        return obj._t if obj else None
    def __set__(self, obj, v):  #: 16
        obj._t = v
class R:  #: 16*2 60
    _t = 1  #: 32
    @property  #: 16*2
    def ro(self):
        return self._t + 1
    def _g(self):  #: 16 48
        return self._t
    def _s(self, v):  #: 16
        self._t = v  #: 16
    p = property(_g, _s)  #: 16 64
r = R()  #: 16
r.p = 10
print(r.p, r.ro)
try:
    r.ro = 5  #: 16 8 +51 16 12*2
except AttributeError as e:
    print("ro")
#| 10 11
#| ro
