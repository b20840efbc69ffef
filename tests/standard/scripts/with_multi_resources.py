class Res:  #: 16*3 60
    log = []  #: 16*2 32
    def __init__(self, n, fail=False):  #: 12 20
        self.n = n  #: 16*7
        self.fail = fail
    def __enter__(self):  #: 16 48
        if self.fail:
            raise RuntimeError("no " + self.n)  #: 5 16*2 12*2
        Res.log.append("+" + self.n)  #: 3 16 3 16 3 16 +32 3 16 3 16 +64 3 16
        return self
    def __exit__(self, *a):  #: 16
        Res.log.append("-" + self.n)  #: 3 16 3 16 3 16 3 16 3 16 3 16
def use():  #: 16
    with Res("a") as a:  #: 16 12
        with Res("b") as b:  #: 16 12
            return a.n + b.n  #: 3 16 20*2
print(use())  #: 80
try:
    with Res("c"), Res("d", True):  #: 16 12 16*2 +24
        print("never")  #: 20
except RuntimeError as e:
    print(e)
for i in range(3):
    with Res(str(i)):  #: 16*3 12 16*3 12 16*3 12
        if i == 1:
            continue
        if i == 2:
            break  #: 20*3
print(Res.log)
#| ab
#| no d
#| ['+a', '+b', '-b', '-a', '+c', '-c', '+0', '-0', '+1', '-1', '+2', '-2']
