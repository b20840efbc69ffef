done = False
n = 0
log = []  #: 16*2
while not done:
    n += 1
    if n % 3 == 0:
        log.append(n)  #: +32
    if n > 20:
        done = True
print(n, log)
running = True
count = 0
while running:
    count += 1
    if count < 5:
        continue
    for j in range(3):
        if j == count - 5:
            break
    else:
        running = False
print(count)
i = 10  #: 136
while i:
    i -= 1
else:
    print("else")
#5.0.0 17: 136
#5.0.0 23: 
#| 21 [3, 6, 9, 12, 15, 18, 21]
#| 8
#| else
