"""Everything around the interpreter that the camera's modules work on."""
