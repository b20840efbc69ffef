"""``omvsim completion``: the line that makes a shell complete omvsim's commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

SHELLS = ("bash", "zsh", "fish", "powershell")

EXAMPLES = (
    "completion bash >> ~/.bashrc",
    "completion zsh >> ~/.zshrc",
    "completion fish > ~/.config/fish/completions/omvsim.fish",
    "completion powershell >> $PROFILE",
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``omvsim completion``."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=", ".join(SHELLS))


def run(args: argparse.Namespace) -> int:
    """Print the shell's code; what it completes is asked of omvsim itself each time."""
    from argcomplete.shell_integration import shellcode

    print(shellcode(["omvsim"], shell=args.shell))
    return 0
