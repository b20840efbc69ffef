import json
s = '{"cmd": "set", "args": [1, 2.5, "three", null, true], "nested": {"a": {"b": [1, [2, [3]]]}}, "esc": "a\\n\\u0041"}'
o = json.loads(s)  #: 8 16*5 8 16 6 +32 16 32 16*9 +32 16 4
print(o["cmd"], o["args"], o["nested"]["a"]["b"], repr(o["esc"]))  #: 16*2
try:
    json.loads("{bad")  #: 8 16*3 12*2
except ValueError as e:
    print("bad", e)  #: 74
print(json.loads("[1,2,3]"), json.loads('"s"'), json.loads("-1.5e3"), json.loads("[]"))  #: 8 16*2 8*4 16*2
big = json.loads("[" + ",".join(str(i) for i in range(150)) + "]")  #: 16*3 60 16*12 +32 16*8 +64 16*16 +128 16*32 +256 16*64 +512 16*128 +1024 16*42 490 16 491 16 492 16 8 16*2 +32 +64 +128 +256 +512 +1024
print(len(big), sum(big))
import io
print(json.load(io.StringIO('{"x": 1}')))  #: 16*2 8 16*2
buf = io.StringIO()  #: 16*3
json.dump({"k": [1, 2]}, buf)  #: 16 8 16*2
print(buf.getvalue())  #: 16 14
#5.0.0 14: 16*3 136
#| set [1, 2.5, 'three', None, True] [1, [2, [3]]] 'a\nA'
#| bad syntax error in JSON
#| [1, 2, 3] s -1500.0 []
#| 150 11175
#| {'x': 1}
#| {"k": [1, 2]}
