s = "naïve café ☕"
print(len(s), len(s.encode()), s.upper(), s[1:-1], s.split())  #: 16 17 16*3 13 16*3 7 16 6 16 4
print("é" in s, s.replace("é", "e"), s.encode()[:5])  #: 16*5 6
t = "".join(chr(c) for c in (72, 233, 8364))  #: 16*2 60 16*2 7 16
print(t, [ord(c) for c in t])  #: 16*3
print("\x41\u0042\101", r"raw\n", "a" "b", 'it''s')
print("%s" % s, "{}".format(t), repr(t))  #: 16*2 +17 16*7
#| 12 16 NAïVE CAFé ☕ aïve café  ['na\xefve', 'caf\xe9', '\u2615']
#| True naïve cafe ☕ b'na\xc3\xafv'
#| Hé€ [72, 233, 8364]
#| ABA raw\n ab its
#| naïve café ☕ Hé€ 'H\xe9\u20ac'
