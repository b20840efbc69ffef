"""Numbers as MicroPython holds and writes them: single precision, digits of long integers."""
