items = ["start", "stop", "calibrate", "save", "load", "exit"]  #: 16 24
def menu(sel):  #: 16
    out = []  #: 16*2
    for i, it in enumerate(items):  #: 12 16*7
        mark = ">" if i == sel else " "
        out.append("%s %d. %s" % (mark, i + 1, it[0].upper() + it[1:]))  #: 2 16*2 5 6 16 20 16*4 2 16*2 4 5 16 20 16*4 2 16*2 9 10 16 20 16*4 2 16*2 4 5 16 20 16*4 2 16*3 4 5 16 20 16*4 +32 2 16*2 4 5 16 20 16*4
    return "\n".join(out)  #: 66 16
print(menu(2))  #: 92
keys = "ddduud"
sel = 0
for k in keys:
    sel = (sel + (1 if k == "d" else -1)) % len(items)
print(items[sel])
cmds = {"set": lambda a: "set " + a[0], "get": lambda a: "val=" + str(len(a))}  #: 16*4 10 16*3 6 16
for line in ("set speed 5", "get speed", "bad x", ""):  #: 136
    p = line.split()  #: 16*3 6 16 2 16*3 6 16*3 4 16*2
    if p and p[0] in cmds:
        print(cmds[p[0]](p[1:]))  #: 16*6
    else:
        print("?", repr(line))  #: 16*4
#5.0.0 14: 16*4 136 10 16*3 6 16
#5.0.0 15: 
#|   1. Start
#|   2. Stop
#| > 3. Calibrate
#|   4. Save
#|   5. Load
#|   6. Exit
#| calibrate
#| set speed
#| val=1
#| ? 'bad x'
#| ? ''
