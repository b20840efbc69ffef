for text in ("1+2j", "j", "1j", "1+", "2jj", "1 2", "0x1j", "-1-1j"):
    try:
        print(complex(text))
    except ValueError as e:
        print(text, "ValueError")
