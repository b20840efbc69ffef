def g():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print("caught", e)
        yield 3
i = g()
print(next(i))
print(i.pend_throw(ValueError("p")))
print(next(i))
print(list(g()))
i = g()
print(i.pend_throw(KeyError("k")), repr(i.pend_throw(None)))
def h():
    global me
    try:
        me.send(None)
    except ValueError as e:
        print(e)
    try:
        me.pend_throw(None)
    except ValueError as e:
        print(e)
    yield 1
me = h()
next(me)
