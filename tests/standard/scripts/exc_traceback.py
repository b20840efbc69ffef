import sys
import io
def a():  #: 16
    b()  #: +24
def b():  #: 16
    raise ValueError("deep one")  #: 16 12*2
try:
    a()  #: +36
except ValueError as e:
    s = io.StringIO()  #: 16*3
    sys.print_exception(e, s)  #: +56 +80 +104 +136 +168
    print(s.getvalue())  #: 16 157
#5.0.0 10: 16*3 136
#| Traceback (most recent call last):
#|   File "main.py", line 8, in <module>
#|   File "main.py", line 4, in a
#|   File "main.py", line 6, in b
#| ValueError: deep one
