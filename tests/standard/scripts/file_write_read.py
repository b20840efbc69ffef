import os
with open("log.txt", "w") as f:  #: 88
    for i in range(25):
        f.write("%d,%d\n" % (i, i * i))  #: 16*75
print(os.stat("log.txt")[6])  #: 48 16 8 16 8 16 8
n = 0
with open("log.txt") as f:  #: 88
    for line in f:  #: 16*51
        a, b = line.strip().split(",")  #: 16 4 16*3 2 16 2 136 16 4 16*3 2 16 2 16 4 16*3 2 16 2 16 4 16*3 2 16 2 16 5 16*3 2 16 3 16 5 16*3 2 16 3 16 5 16*3 2 16 3 16 5 16*3 2 16 3 16 5 16*3 2 16 3 16 5 16*3 2 16 3 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4 16 7 16*3 3 16 4
        n += int(b)
print(n)
with open("log.txt") as f:  #: 88
    print(repr(f.readline()), repr(f.read(10)), len(f.read()), repr(f.read()))  #: 16*4 10 16*3 256 16 256 16*2
with open("log.txt", "a") as f:  #: 88
    f.write("end\n")
with open("log.txt") as f:  #: 88
    print(f.readlines()[-2:])  #: 16*12 +32 16*8 +64 16*16 +128 16*21
os.remove("log.txt")
print("log.txt" in os.listdir())  #: 96 16*2 24*2
#| 151
#| 4900
#| '0,0\n' '1,1\n2,4\n3,' 137 ''
#| ['24,576\n', 'end\n']
#| False
