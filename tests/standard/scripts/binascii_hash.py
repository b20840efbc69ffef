import binascii
import hashlib
d = b"hello world"
print(binascii.hexlify(d), binascii.unhexlify(b"68656c6c6f"), binascii.b2a_base64(d), binascii.a2b_base64(b"aGVsbG8="))  #: 23 16 6 16 18 16 7 16
print(binascii.hexlify(d, ":") if True else "", binascii.crc32(d) if hasattr(binascii, "crc32") else "-")  #: 33 16
h = hashlib.sha256()  #: 120
h.update(b"abc")
h.update(b"def")
print(binascii.hexlify(h.digest()))  #: 33 16 65 16
print(binascii.hexlify(hashlib.sha256(b"abcdef").digest()).decode())  #: 120 33 16 65 16*2
for name in ("sha1", "md5"):
    print(name, hasattr(hashlib, name))
#| b'68656c6c6f20776f726c64' b'hello' b'aGVsbG8gd29ybGQ=\n' b'hello'
#| b'68:65:6c:6c:6f:20:77:6f:72:6c:64' 222957957
#| b'bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721'
#| bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721
#| sha1 False
#| md5 False
