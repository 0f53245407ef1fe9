"""Try what must not be possible through `tracker sql`, and print what came of it.

python3 scripts/sandbox.py prints a Markdown table; --write puts it into RELIABILITY.md.
Exits 1 if anything was neither refused, contained nor harmless.
"""

import argparse
import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, Final

from attempts import OUTCOMES, SHOWN, Attempt, attempts

ROOT: Final = Path(__file__).resolve().parent.parent
PAPER: Final = ROOT / "RELIABILITY.md"
BEGIN: Final = "<!-- attempts -->\n"
END: Final = "<!-- end of attempts -->\n"
ROWS: Final = 1_000_000
Row = tuple[str, str, str, bool]


def main() -> None:
    """Run everything in a workspace of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put it into RELIABILITY.md")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "secret-place"
        _tracker(place, "init", str(place), here=Path(folder))
        _tracker(place, "db")
        rows = [*_tried(place), *_special(place)]
    table = "".join(_table(rows))
    if wanted.write:
        before, _, rest = PAPER.read_text("utf-8").partition(BEGIN)
        PAPER.write_text(f"{before}{BEGIN}{table}{END}{rest.partition(END)[2]}", "utf-8")
    print(table)
    sys.exit(0 if all(held for *_, held in rows) else 1)


def _tracker(
    place: Path, *words: str, given: bytes = b"", here: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=here or place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input=given,
        capture_output=True,
        check=False,
    )


def _tried(place: Path) -> Iterator[Row]:
    """Each attempt of the file, through the command, its query on standard input."""
    for each in attempts():
        before = _state(place)
        said = _tracker(place, "sql", "-", *each.options, given=each.query)
        held = _holds(each, said, place) and _state(place) == before
        print(f"{'' if held else 'NOT HELD '}{each}", file=sys.stderr)
        yield each.group, f"`{str(each).replace('|', '&#124;')}`", _sentence(said), held


def _state(place: Path) -> dict[str, str]:
    """What lies in the workspace, byte for byte."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file()
    }


def _holds(each: Attempt, said: subprocess.CompletedProcess[bytes], place: Path) -> bool:
    """Whether it ended as it must, told nothing of this machine, and left no escape sign."""
    told = said.stdout + said.stderr
    secrets = [place.name.encode(), str(place).encode(), b"root:", b"Traceback", b"\x1b"]
    silent = each.outcome == "harmless" or (
        said.stdout == b"" and said.stderr.startswith(b"error: ") and told.count(b"\n") == 1
    )
    ended = said.returncode == OUTCOMES[each.outcome]
    return ended and silent and not any(secret in told for secret in secrets)


def _sentence(said: subprocess.CompletedProcess[bytes]) -> str:
    kinds = {code: outcome for outcome, code in OUTCOMES.items()}
    words = said.stderr.decode(errors="replace").removeprefix("error: ").strip()
    short = words if len(words) <= SHOWN else f"{words[: SHOWN - 3]}..."
    kind = kinds.get(said.returncode, f"exit {said.returncode}")
    return f"{kind}: {short.replace('|', '&#124;')}" if short else kind


def _special(place: Path) -> Iterator[Row]:
    """What is no query alone: much output, a giant cell, Ctrl-C."""
    many = "SELECT i, 'word ' || i AS words FROM range(1_000_000) t(i)"
    for format in ("csv", "ndjson", "table"):
        lines, most, took = _streamed(place, many, format)
        yield (
            "Much output",
            f"a million rows as {format}",
            f"{lines:,} lines in {took:.1f} s, at most {most:,.0f} MiB",
            lines in {ROWS, ROWS + 1} and most < 400,  # noqa: PLR2004 - MiB, DuckDB included
        )
    lines, most, took = _streamed(place, "SELECT repeat('x', 50_000_000) AS x", "csv")
    yield (
        "Much output",
        "one cell of 50 MB",
        f"{lines} lines in {took:.1f} s, at most {most:,.0f} MiB",
        lines == 2,  # noqa: PLR2004 - the header and the cell
    )
    yield _interrupted(place)


def _streamed(place: Path, query: str, format: str) -> tuple[int, float, float]:
    """Lines, the most memory of the command and of its child in MiB, and seconds."""
    begun = time.monotonic()
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "sql", query, "--format", format],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    ) as process:
        lines = sum(part.count(b"\n") for part in _parts(process.stdout))
        _, _, used = os.wait4(process.pid, 0)
        process.returncode = 0
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return lines, used.ru_maxrss / unit, time.monotonic() - begun


def _parts(out: IO[bytes] | None) -> Iterator[bytes]:
    while part := out.read(1 << 16) if out else b"":
        yield part


def _interrupted(place: Path) -> Row:
    """Ctrl-C while a query runs: one process less, no traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "tracker", "sql", "SELECT count(*) FROM range(1e11::BIGINT)"],
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        time.sleep(1.5)
        os.killpg(process.pid, signal.SIGINT)
        begun = time.monotonic()
        out, err = process.communicate(timeout=15)
    held = process.returncode != 0 and b"Traceback" not in err and out == b""
    return "Ctrl-C", "while it runs", f"ends in {time.monotonic() - begun:.1f} s", held


def _table(rows: list[Row]) -> Iterator[str]:
    held = sum(held for *_, held in rows)
    yield f"{held} of {len(rows)} attempts were refused, contained or harmless.\n\n"
    yield "| attempt | what came of it |\n| --- | --- |\n"
    for group, some in groupby(rows, key=lambda row: row[0]):
        yield f"| **{group}** | |\n"
        for _, tried, came, holds in some:
            yield f"| {tried} | {'' if holds else '**not held** '}{came} |\n"


if __name__ == "__main__":
    main()
