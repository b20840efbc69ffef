print({1: 2, 3: 4}.keys(), {1: 2}.values(), {}.items())
try:
    hash({}.keys())
except TypeError as e:
    print("TypeError")
print(type(hash({}.values())))
