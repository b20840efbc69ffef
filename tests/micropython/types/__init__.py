"""Built-in types."""
