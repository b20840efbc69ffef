s = "  Hello, OpenMV World  "
print(s.strip(), s.lstrip(), s.rstrip(), s.upper(), s.lower())  #: 16 20 16 22 16 22 24 16 24 16
t = s.strip()  #: 16 20
print(t.split(), t.split(", "), t.split("o"), t.rsplit(" ", 1), t.split("l", 1))  #: 16*3 7 16 7 16*3 13 16*3 5 16 11 16 4 16*3 14 16*3 3 16 17
print(t.find("World"), t.rfind("o"), t.index("H"), t.count("l"), t.replace("l", "L"), t.replace("l", "_", 1))  #: 20 16 20 16
print(t.startswith("Hello"), t.endswith("d"), t.partition(","), t.rpartition(" "))  #: 16 14 20 16 14 20
print("abc".isalpha(), "123".isdigit(), " ".isspace(), "aB".isupper(), "ab".islower())
print("-".join(["a", "b", "c"]), ",".join(str(i) for i in range(10)), "".join(reversed("abc")))  #: 16*2 6 16*4 60 16*12 +32 16*8 +64 16*2 20 16 12 16*2 4 16
print("x".center(7), "ab" * 4, "b" in "abc", "abc" < "abd", t[2:9], t[-5:])  #: 8 16 9 16*3 8 16
print("tab\tnl\\n", len("h\u00e9llo"), ord("A"), chr(66), chr(0x20ac))
print("a\nb\nc".splitlines())  #: 16*2
#| Hello, OpenMV World Hello, OpenMV World     Hello, OpenMV World   HELLO, OPENMV WORLD     hello, openmv world  
#| ['Hello,', 'OpenMV', 'World'] ['Hello', 'OpenMV World'] ['Hell', ', OpenMV W', 'rld'] ['Hello, OpenMV', 'World'] ['He', 'lo, OpenMV World']
#| 14 15 0 3 HeLLo, OpenMV WorLd He_lo, OpenMV World
#| True True ('Hello', ',', ' OpenMV World') ('Hello, OpenMV', ' ', 'World')
#| True True True False True
#| a-b-c 0,1,2,3,4,5,6,7,8,9 cba
#|    x    abababab True True llo, Op World
#| tab	nl\n 5 65 B €
#| ['a', 'b', 'c']
