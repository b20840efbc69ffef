"""``@micropython.native`` and ``viper``: Thumb code, for what it asks of the heap."""
