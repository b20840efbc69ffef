"""``python -m omvsim``."""

import sys

try:
    from omvsim.cli import main
except KeyboardInterrupt:  # Ctrl-C while Python still starts
    sys.exit(130)

sys.exit(main())
