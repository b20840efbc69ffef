import micropython
n = "x" * 256
for bad in ("getattr(1, n)", "setattr(object, n, 1)"):
    try:
        eval(bad)
    except Exception as e:
        print(type(e).__name__, e)
micropython.heap_lock()
try:
    [1, 2, 3]
except MemoryError as e:
    micropython.heap_unlock()
    print(e)
