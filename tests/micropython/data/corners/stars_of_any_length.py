def f(*args, **kw):
    return len(args), sorted(kw)
print(f(*range(20), **{"k%d" % i: i for i in range(12)}))
class M:
    def keys(self):
        return ["a%d" % i for i in range(9)]
    def __getitem__(self, k):
        return k
print(f(1, *[2, 3], *iter((4, 5, 6)), x=1, **M()))
