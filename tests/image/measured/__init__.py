"""What image calls did on the camera's firmware, measured in the emulated camera; one file a release and format."""
