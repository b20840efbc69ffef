def f(a, b, c):
    def g(x, y, z):
        return a + b + c + x + y + z
    return g
print(f(1, 2, 3)(4, 5, z=6))
