"""``ulab`` (v923z/micropython-ulab): :mod:`~omvsim.modules.ulab.module` is what a script imports."""
