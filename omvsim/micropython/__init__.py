"""A MicroPython of our own: exact in what a script asks of the heap. It knows no camera."""
