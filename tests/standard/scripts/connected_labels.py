img = ["..##..#.", ".##...##", "........", "#..###..", "##.#....", "......##"]  #: 16 24
h, w = len(img), len(img[0])
lab = [[0] * w for _ in range(h)]  #: 16*7 32 16*3 32 16*3 32 16*3 32 16*3 32 +32 16*3 32
n = 0
sizes = {}  #: 16
for y in range(h):  #: 136
    for x in range(w):
        if img[y][x] == "#" and not lab[y][x]:
            n += 1
            st = [(x, y)]  #: 16*15
            lab[y][x] = n
            while st:
                cx, cy = st.pop()
                sizes[n] = sizes.get(n, 0) + 1  #: 16 32 48
                for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):  #: 184
                    nx, ny = cx + dx, cy + dy
                    if 0 <= nx < w and 0 <= ny < h and img[ny][nx] == "#" and not lab[ny][nx]:
                        lab[ny][nx] = n
                        st.append((nx, ny))  #: 16*11
print(n, sizes)
for r in lab:
    print("".join(str(v) for v in r))  #: 16*2 60 16*12 +32 16*6 9 16*3 60 16*12 +32 16*6 9 16*3 60 16*12 +32 16*6 9 16*3 60 16*12 +32 16*6 9 16*3 60 16*12 +32 16*6 9 16*3 60 16*12 +32 16*6 9 16
#5.0.0 5: 16 136
#5.0.0 6: 
#5.0.0 13: 184
#5.0.0 15: 
#| 5 {1: 4, 2: 3, 3: 3, 4: 4, 5: 2}
#| 00110020
#| 01100022
#| 00000000
#| 30044400
#| 33040000
#| 00000055
