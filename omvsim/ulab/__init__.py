"""``ulab`` (v923z/micropython-ulab): :mod:`~omvsim.ulab.module` is what a script imports."""
