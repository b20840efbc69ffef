for bad in (("x", (), 1), ("x", [], {}), (1, (), {}), ("x", (1,), {})):
    try:
        print(type(*bad))
    except TypeError as e:
        print("TypeError", e)
