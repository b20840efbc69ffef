class A:
    x = property(lambda self: 1)
    y = property(lambda self: 2).getter(lambda self: 3)
    @property
    def z(self):
        return self.w
    @z.setter
    def z(self, v):
        self.w = v
    @z.deleter
    def z(self):
        self.w = "gone"
a = A()
a.z = 5
print(a.x, a.y, a.z)
del a.z
print(a.z)
for bad in (lambda: setattr(a, "x", 1), lambda: property(1, 2, 3, 4, 5)):
    try:
        print(bad())
    except (AttributeError, TypeError) as e:
        print(type(e).__name__)
