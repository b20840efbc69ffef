def rle(s):  #: 16
    out = []  #: 16*2
    prev, n = None, 0
    for c in s:
        if c == prev:
            n += 1
        else:
            if prev is not None:
                out.append((prev, n))  #: 16*4
            prev, n = c, 1
    out.append((prev, n))  #: 16 +32
    return out
r = rle("aaabbbbccdaaaa")  #: 72
print(r, "".join(c * n for c, n in r))  #: 16*2 64 16*2 4 16 5 16 3 16 2 5 16 +32 15 16
def huff(freq):  #: 16
    q = sorted([(f, i, c) for i, (c, f) in enumerate(sorted(freq.items()))])  #: 16 12 16*7 12 16 68 16*3 20 16 20 16 20 16 20 16*3
    k = len(q)
    while len(q) > 1:
        a = q.pop(0)
        b = q.pop(0)
        q.append((a[0] + b[0], k, (a, b)))  #: 16 20 16 20 16 20
        k += 1
        q.sort(key=lambda t: (t[0], t[1]))  #: 16*10
    codes = {}  #: 16
    def walk(n, p):  #: 16 20
        if isinstance(n[2], tuple):
            walk(n[2][0], p + "0")  #: 3 16 4 16
            walk(n[2][1], p + "1")  #: 3 16 4 16
        else:
            codes[n[2]] = p  #: 16 32
    walk(q[0], "")
    return codes
print(sorted(huff({"a": 5, "b": 2, "c": 1, "d": 1}).items()))  #: 16 32 72 8*2 12 16*7
#| [('a', 3), ('b', 4), ('c', 2), ('d', 1), ('a', 4)] aaabbbbccdaaaa
#| [('a', '1'), ('b', '00'), ('c', '010'), ('d', '011')]
