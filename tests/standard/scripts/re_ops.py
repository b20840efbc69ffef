import re
m = re.match(r"(\w+)=(\d+)", "speed=42 rest")  #: 44 36
print(m.group(0), m.group(1), m.group(2))  #: 16 9 16 6 16 3
print(re.search(r"\d+", "abc 123 def").group(0), re.match("x", "abc"))  #: 30 20 16 4 28 20
r = re.compile(r"([A-Z])(\d+)")  #: 42
for s in ("G1", "X100", "none", "M3"):
    m = r.match(s)  #: 36*4
    print(s, (m.group(1), m.group(2)) if m else None)  #: 16 2 16 2 16*2 2 16 4 16*2 2 16
print(re.sub(r"\d", "#", "a1b22c3"), re.sub("(a)(b)", r"\2\1", "abab"))  #: 28 1 +24 16 38 1 +24 16
print(re.split(r",", "a,b,c") if hasattr(re, "split") else re.compile(",").split("a,b,c"))  #: 28 16*3 2
print(r.search("zz T9").span() if hasattr(r.search("T9"), "span") else "-")  #: 36
#| speed=42 speed 42
#| 123 None
#| G1 ('G', '1')
#| X100 ('X', '100')
#| none None
#| M3 ('M', '3')
#| a#b##c# baba
#| ['a', 'b', 'c']
#| -
