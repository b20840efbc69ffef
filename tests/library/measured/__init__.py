"""What the frozen package does, by its own source."""
