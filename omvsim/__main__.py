"""The command as a process: ``python -m omvsim``, and what the installed ``omvsim`` starts."""

import os
import signal
import sys


def _leave(*_: object) -> None:
    os._exit(130)


def start() -> int:
    """Run the command; Ctrl-C ends it with 130 from the first moment on.

    While modules are still imported the handler ends the process itself: an exception raised there would come out of
    the midst of an import, where nobody takes it. Once the command is over its code is the true one.
    """
    waiting = signal.getsignal(signal.SIGINT) is signal.default_int_handler  # not where a shell ignores it (``&``)
    if waiting:
        signal.signal(signal.SIGINT, _leave)
    from omvsim.cli import main  # noqa: PLC0415 - see above
    from omvsim.interrupting import interrupted  # noqa: PLC0415 - see above

    try:
        if waiting:
            signal.signal(signal.SIGINT, interrupted)
        return main()
    except KeyboardInterrupt:  # before the command listened, or after
        return 130
    finally:
        if waiting:
            signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    sys.exit(start())
