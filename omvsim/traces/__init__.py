"""Recorded traces: reading them, and holding the simulator against them."""
