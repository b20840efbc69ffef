"""MicroPython's memory, below any value: requests of its heap, names, sizes of its structures."""
