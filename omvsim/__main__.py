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


def command() -> int:
    """The command and the end of its process; returns the exit code only where Python itself has to end it.

    Python takes every module and object apart before it ends, an eighth of the CPU time of a cold ``omvsim run``, and
    gives back what the system takes back anyway. What is to be done at the end is done: what was registered with
    ``atexit``, and what was printed.
    """
    code = start()
    if not _somebody_waits():
        import atexit  # noqa: PLC0415 - see `start`

        atexit._run_exitfuncs()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):  # Python has a message and an exit code of its own for it
            return code
        os._exit(code)
    return code


def _somebody_waits() -> bool:
    """Whether a thread still works, or a profiler, a debugger, a measurement of coverage or ``-i`` comes after us."""
    threading = sys.modules.get("threading")
    if threading is not None and threading.active_count() > 1:
        return True
    monitoring = getattr(sys, "monitoring", None)  # from Python 3.12 on
    watching = monitoring is not None and any(monitoring.get_tool(number) for number in range(6))
    return bool(watching or sys.gettrace() or sys.getprofile() or sys.flags.inspect)


if __name__ == "__main__":
    sys.exit(command())
