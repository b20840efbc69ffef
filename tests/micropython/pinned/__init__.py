"""What a text prints, pinned: a case a line, printed by MicroPython's own build and by the interpreter."""
