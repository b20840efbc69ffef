text = "the quick brown fox jumps over the lazy dog the end"
c = {}  #: 16
for w in text.split():  #: 16*3 4 16 6 16 6 16 4 16 6 +32 16 5 16 4 16 5 16 4 +64 16 4
    c[w] = c.get(w, 0) + 1  #: 16 32 48 64 80
print(sorted(c.items(), key=lambda kv: (-kv[1], kv[0])))  #: 12 16*9 +32 16*4 +64 16*32
by = {}  #: 16
for w in c:
    by.setdefault(len(w), []).append(w)  #: 16*7 32 16*12
for k in sorted(by):  #: 16*3
    print(k, sorted(by[k]))  #: 16*9
inv = {v: k for k, v in {"x": 1, "y": 2}.items()}  #: 16*3 12 16*4
print(inv)
letters = {}  #: 16 136
for ch in text:
    if ch in letters:
        letters[ch] += 1
    else:
        letters[ch] = 1  #: 16 32 48 64 80 96 136 184 232
print(max(letters, key=letters.get), len(letters))  #: 12
#5.0.0 11: 16*3 12 16*4 136
#5.0.0 13: 16
#| [('the', 3), ('brown', 1), ('dog', 1), ('end', 1), ('fox', 1), ('jumps', 1), ('lazy', 1), ('over', 1), ('quick', 1)]
#| 3 ['dog', 'end', 'fox', 'the']
#| 4 ['lazy', 'over']
#| 5 ['brown', 'jumps', 'quick']
#| {2: 'y', 1: 'x'}
#|   27
