"""``image`` (modules/py_image.c): :mod:`~omvsim.image.module` is what a script imports."""
