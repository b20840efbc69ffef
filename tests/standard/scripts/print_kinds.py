print()
print(1, 2.5, "s", b"b", None, True, [1], (1,), {"k": 1}, {1})  #: 16*3 8 16 4
print([1.5, [2, "x"]], ("a", b"c"), {"k": [1]}, range(3), print, int)  #: 16*5 8 16*3
print("a", "b", sep="")
print("no newline", end="")
print("|", end="\n\n")
print("%s" % [1, 2], "%s" % None, str([1, 2]), repr("q'uote"), repr('d"q'), [""])  #: 16*17
print(1e100 if False else 1e30, -0.0, 1e-10, 255, -1, 0x7fffffff)  #: 4
print(type(1), type("s"), type([]), Exception("e"), ValueError(1, 2))  #: 16*3 12 16*2
print(lambda: 0 is None and 1 or 2 if False else "x")  #: 16
print(len(str(print)) > 0)  #: 16*2
#| 
#| 1 2.5 s b'b' None True [1] (1,) {'k': 1} {1}
#| [1.5, [2, 'x']] ('a', b'c') {'k': [1]} range(0, 3) <function> <class 'int'>
#| ab
#| no newline|
#| 
#| [1, 2] None [1, 2] "q'uote" 'd"q' ['']
#| 1e+30 -0.0 1e-10 255 -1 2147483647
#| <class 'int'> <class 'str'> <class 'list'> e (1, 2)
#| <function <lambda> at 0x20282010>
#| True
