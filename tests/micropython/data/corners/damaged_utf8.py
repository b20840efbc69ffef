try:
    print(b"\x80".decode())
except UnicodeError as e:
    print("UnicodeError")
try:
    print(b"a\xc3(".decode())
except UnicodeError as e:
    print("UnicodeError")
try:
    print(b"a\xc3".decode())
except UnicodeError as e:
    print("UnicodeError")
