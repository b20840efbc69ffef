"""Frozen modules."""
