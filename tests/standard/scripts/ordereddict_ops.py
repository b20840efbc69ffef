from collections import OrderedDict  #: 12
d = OrderedDict()  #: 16
for k in ("z", "a", "m", "b"):
    d[k] = len(d)  #: 32
print(d, list(d.keys()), list(d.items()))  #: 12 16*3 12 16*7
d["a"] = 10
del d["z"]
d["z"] = 5
print(list(d), d.popitem())  #: 16*4
e = OrderedDict([("one", 1), ("two", 2)])  #: 16*5 32 16
print(e)
for i in range(30):
    e["k%d" % i] = i  #: 16*6 +64 16*8 +96 16*8 +128 16*8 +160 16*8 +192 16*8 +224 16*8 +256 16*6
print(len(e), list(e)[5:8])  #: 16*3 +32 +64 +128 16*3
#| OrderedDict({'z': 0, 'a': 1, 'm': 2, 'b': 3}) ['z', 'a', 'm', 'b'] [('z', 0), ('a', 1), ('m', 2), ('b', 3)]
#| ['a', 'm', 'b', 'z'] ('z', 5)
#| OrderedDict({'one': 1, 'two': 2})
#| 32 ['k3', 'k4', 'k5']
