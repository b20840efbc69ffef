try:
    1 / 0
except ZeroDivisionError as e:
    e.__traceback__ = None
    try:
        e.__traceback__ = 3
    except AttributeError as x:
        print("no", x)
    print(repr(e))
