"""The language's types, one file each."""
