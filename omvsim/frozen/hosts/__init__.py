"""What functions of frozen modules do, a file a module: ``FUNCTIONS`` has them by dotted name."""
