for bad in (lambda: "abc".partition(""), lambda: b"abc".rpartition(b""), lambda: "abc".partition(1), lambda: bytes.fromhex("1"), lambda: bytes.fromhex("zz")):
    try:
        print(bad())
    except (ValueError, TypeError) as e:
        print(type(e).__name__, e)
print(bytes.fromhex("01 a2 FF"), b"x-y".partition(bytearray(b"-")))
