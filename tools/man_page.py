"""Write docs/omvsim.1, the manual page, from the command line's own parser.

python -m tools.man_page
"""

from __future__ import annotations

import os
from pathlib import Path

from argparse_manpage.manpage import Manpage

from omvsim.cli import COMMANDS, build_parser

PAGE = Path(__file__).parents[1] / "docs" / "omvsim.1"


def page() -> str:
    """The page in troff; without the day, so that the same parser gives the same page."""
    os.environ["COLUMNS"] = "80"  # what argparse wraps the usage to
    parser = build_parser(*COMMANDS)
    parser.epilog = ""  # argparse-manpage would run the lines together
    for name in COMMANDS:
        parser.below(name).epilog = ""
    parser.man_short_description = parser.description
    text = str(Manpage(parser, {"manual_title": "omvsim", "date": "-"}, format="single-commands-section"))
    return text.replace('"\\-"', '""', 1)  # the same parser gives the same page on any day


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
