"""MicroPython's own modules, one file or folder a module, named as it is imported."""
