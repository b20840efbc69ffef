s = {1, 2}
print(s & s == s, s.intersection(s) is s)
s &= s
s.intersection_update(s)
print(s)
