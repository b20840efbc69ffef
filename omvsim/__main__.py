"""``python -m omvsim``."""

import sys

from omvsim.cli import main

sys.exit(main())
