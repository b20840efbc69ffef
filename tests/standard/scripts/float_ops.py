x = 1.5
y = 0.25
print(x + y, x - y, x * y, x / y, x // y, x % y, -x, x ** 2, x > y, abs(-x))  #: 8*10
print(int(x), round(2.5), round(3.7), float("2.5"), float(3), x.is_integer() if hasattr(x, "is_integer") else "-")  #: 8*2
s = 0.0
for i in range(50):
    s += i * 0.1  #: 8*100
print(s)
print(1 / 3, 2 / 3, 10 / 4, 1e3 == 1000, 3.0 == 3, 0.1 + 0.2)
v = [i / 4 for i in range(10)]  #: 16*4 8*5 +32 8*4 +64 8
print(v, sum(v), max(v))  #: 8*10
print(divmod(7.5, 2), pow(2.0, 0.5), min(1.5, 2))  #: 8*2 16 8
#| 1.75 1.25 0.375 6.0 6.0 0.0 -1.5 2.25 True 1.5
#| 1 2 4 2.5 3.0 -
#| 122.5
#| 0.33333334 0.6666667 2.5 True True 0.3
#| [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0, 2.25] 11.25 2.25
#| (3.0, 1.5) 1.4142135 1.5
