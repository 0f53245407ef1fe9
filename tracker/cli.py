"""The command line: one error boundary around the application."""

import codecs
import errno
import os
import re
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Final, NoReturn

import typer

from events.errors import EventsError, reason
from forecasts.errors import ForecastError
from tracker.application import application
from tracker.errors import FAILED, INVALID_INPUT, TrackerError, exit_code

DAMAGE: Final = "Corrupt database file"
"""What DuckDB says where it reads a page that is not what it wrote."""

UTF8: Final = "PYTHONIOENCODING=utf-8"

UNREAD: Final = 128 + signal.SIGPIPE
"""The exit code where whoever read has gone, as a shell has it of its own tools."""

MACHINES: Final = {
    errno.EACCES,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EISDIR,
    errno.ENAMETOOLONG,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}
"""Errors of disks, rights and places: the owner of the machine mends them, not we."""


LONG: Final = re.compile(r"\S{500,}")
"""A word that no sentence needs whole: somebody's own, typed or pasted."""


def main() -> NoReturn:
    """Run a command; a refusal is one sentence on stderr and the exit code of its kind."""
    if not _open_ended():
        sys.exit(_refused("standard output is closed. Send it somewhere: > /dev/null", FAILED))
    _be_readable()
    code = _run()
    try:
        sys.stdout.flush()
    except OSError as error:
        code = code or _failed(error)
        # Python would complain once more when it flushes stdout at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def _open_ended() -> bool:
    """Stand in for standard input and error that are closed; say whether output is open.

    Otherwise the next file that is opened, a ledger, would take the place of one of them.
    """
    if sys.stdin is None:
        sys.stdin = Path(os.devnull).open()  # noqa: SIM115 - open to the end
    if sys.stdout is None:
        return False
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - likewise
    return True


def _be_readable() -> None:
    """Let a terminal show a ? for a letter that it lacks; what is said to be ASCII is UTF-8.

    Into a file or a pipe nothing is replaced: data that lose letters are refused.
    """
    out = sys.stdout
    if not isinstance(out, TextIOWrapper) or "utf" in out.encoding.lower():
        return
    if out.isatty():
        out.reconfigure(errors="replace")
    elif codecs.lookup(out.encoding).name == "ascii":
        out.reconfigure(encoding="utf-8")


def _run() -> int:
    try:
        completing = "_TRACKER_COMPLETE" in os.environ
        application(None if completing else sys.argv[1:])(prog_name="tracker")
    except SystemExit as end:
        cause = end.__context__
        if isinstance(cause, OSError) and cause.errno == errno.EPIPE:
            return UNREAD  # Typer would make 1 of it
        return end.code if isinstance(end.code, int) else FAILED
    except (EventsError, ForecastError, TrackerError) as error:
        return _refused(str(error), exit_code(error))
    except OSError as error:
        return _failed(error)
    except Exception as error:
        if "surrogate" in str(error):  # each library has its own error for such a word
            told = "a word that was typed is not UTF-8. Write it in that."
            return _refused(told, INVALID_INPUT)
        if isinstance(error, UnicodeEncodeError):
            letter = error.object[error.start : error.end][:1]
            told = f"{error.encoding} has no {letter}. Let the output be UTF-8: {UTF8}"
            return _refused(told, FAILED)
        if DAMAGE in str(error):
            told = "The timeline is damaged. Make it anew with: tracker rebuild"
            return _refused(told, FAILED)
        raise
    return 0


def _failed(error: OSError) -> int:
    """The exit code for what the machine refuses; anything else is a bug of ours."""
    if error.errno == errno.EPIPE:
        return UNREAD
    if error.errno not in MACHINES:
        raise error
    return _refused(f"{error.filename or 'standard output'}: {reason(error)}.", FAILED)


def _refused(sentence: str, code: int) -> int:
    with suppress(OSError, AttributeError):  # it may be closed, and closed is none at all
        sys.stdout.flush()  # what was printed before comes before the error
    typer.echo(f"error: {_safe(sentence)}", err=True)
    return code


def _safe(text: str) -> str:
    from tracker.tables import harmless

    return LONG.sub(lambda found: f"{found[0][:60]}...", harmless(text))
