"""``image`` (modules/py_image.c): :mod:`~omvsim.modules.image.module` is what a script imports."""
