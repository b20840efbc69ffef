def blinker():  #: 16
    while True:
        for color in ("red", "green", "blue"):
            cmd = yield color
            if cmd == "stop":
                return
b = blinker()  #: 60
seen = []  #: 16*2
for i in range(8):
    seen.append(next(b))  #: +32
print(seen)
try:
    b.send("stop")  #: 16 12
except StopIteration as e:
    print("end", e.value)
#| ['red', 'green', 'blue', 'red', 'green', 'blue', 'red', 'green']
#| end None
