"""A camera script's run: the camera it runs on, what is written down about it, and what came out."""
