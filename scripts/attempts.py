"""What somebody may try through `tracker sql`, read from `tests/attempts.toml`."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).resolve().parent.parent / "tests" / "attempts.toml"
OUTCOMES: Final = {"refused": 4, "contained": 1, "harmless": 0}
"""What may come of an attempt, and the exit code that says so."""

SHOWN: Final = 100


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """A query as bytes, the group it belongs to, and what must come of it."""

    group: str
    query: bytes
    outcome: str
    options: tuple[str, ...] = ()
    slow: bool = False

    def __str__(self) -> str:
        words = self.query.decode(errors="replace")
        plain = "".join(sign if sign.isprintable() else "?" for sign in words)
        return plain if len(plain) <= SHOWN else f"{plain[: SHOWN - 3]}..."


def attempts() -> Iterator[Attempt]:
    """Every attempt, in the order of the file."""
    for group in tomllib.loads(FILE.read_text("utf-8")).values():
        for outcome in OUTCOMES:
            for written in group.get(outcome, ()):
                yield Attempt(
                    group=group["title"],
                    query=_query(written),
                    outcome=outcome,
                    options=tuple(group.get("options", ())),
                    slow=group.get("slow", False),
                )


def _query(written: str | dict[str, Any]) -> bytes:
    if isinstance(written, str):
        return written.encode()
    if "bytes" in written:
        return bytes.fromhex(written["bytes"])
    times = written["times"]
    before, after = written["before"] * times, written.get("after", "") * times
    return "".join(
        (written.get("start", ""), before, written["sql"], after, written.get("end", ""))
    ).encode()
