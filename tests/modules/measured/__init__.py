"""What the camera's firmware did, measured in the emulated camera; tables of ours."""
