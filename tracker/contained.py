"""The child that runs ad hoc SQL: it can read the timeline and nothing else.

It gets ready before it knows the query. Then it limits itself, opens the file in its folder
read-only, with DuckDB's access to files, network, extensions and settings shut, and writes rows
to standard output as they come.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from tracker.patience import wait_openly
from tracker.tables import Format, harmless, write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import duckdb

NAME: Final = "timeline.duckdb"
"""What the file is called in the child's folder: nothing of where it lies."""

EXPLAINED: Final = ["explain_key", "explain_value"]
"""The columns of EXPLAIN, whose values are drawings."""

FETCHED: Final = 2_000
REFUSED: Final = 4
"""The child's exit code when DuckDB refuses the query."""

UNWRITABLE: Final = 5
"""The child's exit code when its answer cannot be written."""

UNREAD: Final = 7
"""The child's exit code when whoever read its answer has gone."""

HUNGRY: Final = 6
"""The child's exit code when the query needs more memory than DuckDB may have."""

SAID: Final = 2_000
"""Characters of a complaint that are repeated: a query can make one of any length."""

FILES: Final = 64
"""Files that the child may have open; it needs a dozen."""

PROGRAM: Final = 1024**3
"""Bytes of address space for Python and DuckDB, where the system does not tell."""

SETTINGS: Final = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "temp_directory": "",
    "threads": "2",
}
SHUT: Final = (
    # The file itself stays allowed when access to files is off, and COPY could write on it.
    "SET disabled_filesystems = 'LocalFileSystem'",
    "SET lock_configuration = true",
)
"""What is shut once the file is open."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a query may use: memory in MiB beside the program's own, and seconds.

    Seconds of the clock, but for those in which it waits for whoever reads its answer.
    """

    memory: int = 2048
    seconds: int = 30


def main() -> None:
    """Wait for the task; then limit this process, run the query, write its rows."""
    import duckdb  # while the parent is still at work

    told = sys.stdin.read()
    if not told:  # the parent has nothing to ask any more
        return
    task = json.loads(told)
    limits, format = Limits(**task["limits"]), Format(task["format"])
    if format is Format.table:
        import rich.cells  # noqa: F401 - what the program itself needs is not the query's

    wait_openly(task["waits"])
    _limit(limits)
    Thread(target=_end_with, args=(task["parent"],), daemon=True).start()
    try:
        cursor = opened(limits).execute(task["sql"])
        if cursor is None:
            raise duckdb.ParserException(
                "there is no query. Write one, such as: FROM programmes"
            )
        if cursor.description:
            columns = _distinct([column[0] for column in cursor.description])
            rows = _rows(cursor, columns, task["folder"])
            if format is Format.table and columns == EXPLAINED:
                _explain(rows)
            else:
                write(rows, columns, format, named=True)
        sys.stdout.flush()
    except (duckdb.OutOfMemoryException, MemoryError):
        os._exit(HUNGRY)
    except duckdb.Error as error:
        sys.stdout.flush()
        sys.stderr.write(_hidden(str(error)[:SAID], task["folder"]))
        sys.exit(REFUSED)
    except BrokenPipeError:
        os._exit(UNREAD)
    except OSError as error:
        os.write(sys.stderr.fileno(), f"standard output: {error.strerror}".encode())
        os._exit(UNWRITABLE)  # Python would try once more to write what is left
    os._exit(0)  # nothing to close, and DuckDB's threads may still hold what is limited


def _end_with(parent: int) -> None:
    """End this process when the one that holds the other end of a pipe is gone."""
    os.read(parent, 1)
    os.kill(os.getpid(), signal.SIGKILL)


def opened(limits: Limits) -> duckdb.DuckDBPyConnection:
    """The timeline in this folder, open to read, and everything else shut."""
    import duckdb

    connection = duckdb.connect(NAME, read_only=True, config=_settings(limits))
    for statement in SHUT:
        connection.execute(statement)
    return connection


def _limit(limits: Limits) -> None:
    """Bound this process; macOS may not hold the bound on memory."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    processors = 2 * limits.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (processors, processors + 1))
    size = _reserved() + limits.memory * 1024 * 1024
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError):
        sys.stderr.write("this system does not limit memory\n")


def _reserved() -> int:
    """Bytes of address space that the program has taken before the query runs."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return PROGRAM
    return pages * resource.getpagesize()


def _settings(limits: Limits) -> dict[str, str | bool | int | float | list[str]]:
    return {**SETTINGS, "memory_limit": f"{limits.memory // 2}MiB"}


def _distinct(names: Sequence[str]) -> list[str]:
    """Column names with a number behind those that repeat."""
    taken, repeated = set(names), dict.fromkeys(names, 0)
    distinct = []
    for name in names:
        told = name
        repeated[name] += 1
        while repeated[name] > 1 and told in taken:
            told = f"{name}_{repeated[name]}"
            repeated[name] += told in taken
        taken.add(told)
        distinct.append(told)
    return distinct


def _rows(cursor: Any, columns: list[str], folder: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - a DuckDB result
    while page := cursor.fetchmany(FETCHED):
        for row in page:
            yield {
                name: _shown(value, folder) for name, value in zip(columns, row, strict=True)
            }


def _explain(rows: Iterator[dict[str, Any]]) -> None:
    """Each plan under its name, its lines as they are."""
    for row in rows:
        for value in row.values():
            sys.stdout.write(f"{harmless(str(value)).rstrip()}\n")


def _shown(value: Any, folder: str) -> Any:  # noqa: ANN401 - any value of DuckDB's
    """A value without the path of the folder that the file lies in."""
    match value:
        case str():
            return _hidden(value, folder)
        case list() | tuple():
            return [_shown(held, folder) for held in value]
        case dict():
            return {_shown(key, folder): _shown(held, folder) for key, held in value.items()}
        case bytes():
            return value.replace(f"{folder}/".encode(), b"")
        case _:
            return value


def _hidden(text: str, folder: str) -> str:
    return text.replace(f"{folder}/", "").replace(folder, "")


if __name__ == "__main__":
    main()
