def hanoi(n, a, b, c):  #: 16
    return 0 if n == 0 else hanoi(n - 1, a, c, b) + 1 + hanoi(n - 1, c, b, a)
print(hanoi(8, "a", "b", "c"))
def flat(l):  #: 16
    r = []  #: 16*10
    for x in l:
        if isinstance(x, list):
            r.extend(flat(x))  #: +36 +40
        else:
            r.append(x)
    return r
print(flat([1, [2, [3, [4, [5]], 6]], 7]))  #: 16*10
def perms(l):  #: 16
    if len(l) < 2:
        return [l]  #: 16*48
    return [[l[i]] + p for i in range(len(l)) for p in perms(l[:i] + l[i + 1:])]  #: 16*3 80 16*10 8 16*3 80 16*10 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*8 +32 16*24 +32 16*12 8 16*3 80 16*10 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*8 +32 16*16 +64 16*20 8 16*3 80 16*10 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*8 +32 16*24 +128 16*12 8 16*3 80 16*10 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*20 8 16*3 80 16*10 8 16*12 8 16*8 +32 16*28
print(len(perms([1, 2, 3, 4])))  #: 16*2 8
def acker(m, n):  #: 16
    return n + 1 if m == 0 else acker(m - 1, 1) if n == 0 else acker(m - 1, acker(m, n - 1))
print(acker(2, 3))
def bigframe(n):  #: 16
    a = b = c = d = e = f = g = h = i = j = k = l = m = o = p = q = n
    return a + q if n == 0 else bigframe(n - 1) + 1  #: 100*20
print(bigframe(20))  #: 100
#| 255
#| [1, 2, 3, 4, 5, 6, 7]
#| 24
#| 9
#| 20
