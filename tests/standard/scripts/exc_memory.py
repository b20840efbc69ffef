import gc
try:
    b = bytearray(20_000_000)  #: 16 20000000 16 42 +66 16 12*2
except MemoryError as e:
    print("caught", e)
try:
    l = [0] * 5_000_000  #: 16*3 20000000 16 42 +66 16 12*2
except MemoryError as e:
    print("list", e)
gc.collect()
try:
    s = "x" * 9_000_000  #: 9000001 16 42 +65 16 12*2
except MemoryError as e:
    print("str", e)
print(len(bytearray(100000)))  #: 16 100000
#5.0.0 3: 16 20000000 16 46 +68 16 12*2
#5.0.0 7: 16*3 20000000 16 46 +68 16 12*2
#5.0.0 12: 9000001 16 46 +68 16 12*2
#| caught memory allocation failed, allocating 20000000 bytes
#| list memory allocation failed, allocating 20000000 bytes
#| str memory allocation failed, allocating 9000001 bytes
#| 100000
