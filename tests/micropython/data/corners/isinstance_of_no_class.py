print(isinstance(1, (str, int)), issubclass(bool, int), callable(print), callable(1))
for bad in (lambda: isinstance(1, 1), lambda: issubclass(1, int), lambda: issubclass(int, 1)):
    try:
        print(bad())
    except TypeError as e:
        print(e)
