"""The module machine."""
