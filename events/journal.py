"""Journals: facts as lines, in and out; the day they became known orders them."""

from __future__ import annotations

import codecs
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

import msgspec

from events import sheets
from events.errors import EventsError, Invalid
from events.facts import Fact
from events.lines import Line, from_fact, short, to_fact
from events.signs import escaped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from events.entries import Entry

LONGEST: Final = 1_000_000
"""Bytes of a line; a longer one is no event."""

WIDE: Final = 4
"""Bytes among which UTF-16 and UTF-32 have a zero, as no text of ours does."""

_DECODE: Final = msgspec.json.Decoder()
_APART: Final = re.compile(rb'"[ \t\r\n]+:')
"""A key apart from its colon."""


class Fault(msgspec.Struct, frozen=True):
    """A line that cannot be read: where, and the sentence for its owner."""

    place: str
    sentence: str

    def __str__(self) -> str:
        """As an editor jumps to it: file:line: what."""
        return f"{self.place}: {self.sentence}"


class Stated(msgspec.Struct, frozen=True):
    """A fact and the place of the line that states it."""

    place: str
    fact: Fact


def read(
    data: bytes,
    name: str,
    *,
    today: date,
    check: Callable[[Fact], None] | None = None,
) -> tuple[list[Stated], list[Fault]]:
    """Every fact of a journal, and every faulty line; CSV is told by its header.

    `name` is the file's, for places. `check` raises `EventsError` for a fact that is well
    formed and makes no sense; that is a fault as well.
    """
    stated: list[Stated] = []
    faults: list[Fault] = []
    for number, line in _lines(data):
        place = f"{name}:{number}"
        try:
            fact = to_fact(line, today=today) if isinstance(line, dict) else _refuse(line)
            if check:
                check(fact)
        except EventsError as error:
            faults.append(Fault(place, str(error)))
        else:
            stated.append(Stated(place, fact))
    return stated, faults


def _refuse(error: Invalid) -> Fact:
    raise error


def _lines(data: bytes) -> Iterator[tuple[int, Line | Invalid]]:
    data = data.removeprefix(codecs.BOM_UTF8)
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if marked or b"\0" in data[:WIDE]:
        return iter(
            [(1, Invalid("this is UTF-16, not UTF-8. Save the file in that encoding."))]
        )
    first = data[:LONGEST].lstrip().splitlines()[:1]
    if first and not first[0].startswith(b"{") and b"programme" in first[0]:
        return sheets.lines(data)
    return _ndjson_lines(data)


def _ndjson_lines(data: bytes) -> Iterator[tuple[int, Line | Invalid]]:
    for number, raw in enumerate(io.BytesIO(data), start=1):  # one by one, not all beside it
        if raw.strip():
            yield number, _object(raw)


def _object(raw: bytes) -> Line | Invalid:
    if len(raw) > LONGEST:
        return Invalid(f"the line has {len(raw):,} bytes; an event has at most {LONGEST:,}.")
    try:
        line = _DECODE.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return _slowly(raw)
    return line if isinstance(line, dict) and not _perhaps_twice(raw, line) else _slowly(raw)


def _perhaps_twice(raw: bytes, line: Line) -> bool:
    """Whether a key may stand twice: where none does, there is one `":` for each."""
    source = line.get("source")
    keys = len(line) + (len(source) if isinstance(source, dict) else 0)
    return raw.count(b'":') != keys or _APART.search(raw) is not None


def _slowly(raw: bytes) -> Line | Invalid:
    """The same by Python's own reader, which can tell what is wrong."""
    if b"\r{" in raw:
        return Invalid("its lines end in a carriage return alone. Save it with line feeds.")
    try:
        line = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        return Invalid(f"byte {error.start + 1} is not UTF-8. Save the file in that encoding.")
    except Invalid as error:
        return error
    except (ValueError, RecursionError) as error:
        return Invalid(f"this is no JSON object: {_brief(error)}.")
    return line if isinstance(line, dict) else Invalid("this is no JSON object.")


def _brief(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        found = error.msg.removesuffix(" at")
        return f"{found[0].lower()}{found[1:]} at character {error.pos + 1}"
    return (
        "it is nested too deeply"
        if isinstance(error, RecursionError)
        else "a number has thousands of digits"
    )


def _once(pairs: list[tuple[str, Any]]) -> Line:
    line = dict(pairs)
    if len(line) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Invalid(f"{short(twice)} is given twice.")
    return line


def _no_constant(word: str) -> float:
    raise Invalid(f"{word} is no number.")


def ndjson(stated: Iterable[Fact]) -> Iterator[str]:
    """The facts as lines, by `known_on` and then in the order given; ids always written."""
    for fact in in_order(stated):
        yield escaped(json.dumps(from_fact(fact), ensure_ascii=False)) + "\n"


def as_csv(stated: Iterable[Fact]) -> Iterator[str]:
    """The same facts in the same order as a sheet with a header."""
    return sheets.written(from_fact(fact) for fact in in_order(stated))


def in_order(stated: Iterable[Fact]) -> list[Fact]:
    """By the day known, then as given: a journal lives well under version control."""
    return sorted(stated, key=lambda fact: fact.known_on)


def cloudevents(entries: Iterable[Entry]) -> Iterator[str]:
    """The entries as CloudEvents 1.0, one JSON object a line."""
    for entry in sorted(entries, key=lambda entry: entry.fact.known_on):
        event = {
            "specversion": "1.0",
            "id": entry.fact.id,
            "source": f"/programmes/{entry.fact.programme}",
            "type": f"tracker.{entry.fact.type}",
            "time": entry.recorded_at.isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "data": from_fact(entry.fact),
        }
        yield escaped(json.dumps(event, ensure_ascii=False)) + "\n"
