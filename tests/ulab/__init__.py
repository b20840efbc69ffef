"""Tests of ``ulab``."""
