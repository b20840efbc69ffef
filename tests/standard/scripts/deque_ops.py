from collections import deque  #: 12
d = deque((), 5)  #: 24*2
for i in range(9):
    d.append(i)
print(list(d), len(d), d[0], d[-1])  #: 16*3 +32
d.appendleft(100)
print(list(d), d.popleft(), d.pop())  #: 16*3 +32
q = deque([1, 2, 3], 10)  #: 16*2 24 44
q.extend([4, 5])  #: 16*2
print(len(q), [x for x in q])  #: 16*3 +32
while q:
    print(q.popleft(), end=" ")
print()
try:
    q.popleft()  #: 16*2 12*2
except IndexError as e:
    print(e)  #: 74
s = deque((), 2, 1)  #: 24 12
s.append(1)
s.append(2)
try:
    s.append(3)  #: 16*2 12*2
except IndexError as e:
    print("full", e)
#5.0.0 22: 16*2 12*2 136
#| [4, 5, 6, 7, 8] 5 4 8
#| [100, 4, 5, 6, 7] 100 7
#| 5 [1, 2, 3, 4, 5]
#| 1 2 3 4 5 
#| empty
#| full full
