"""One journal line and the fact it states: keys, identity, and sentences for what is wrong."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import uuid
from typing import TYPE_CHECKING, Any, Final, cast

import msgspec

from events import facts
from events.errors import Invalid
from events.sources import Source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from events.facts import Fact

NAMESPACE: Final = uuid.UUID("5a7ad2c2-6e0c-5f0e-9d7c-2f7b3f1f6c11")
"""Where derived ids live: the same line has the same id in every ledger."""

KEYS: Final = [
    "id",
    "programme",
    "type",
    "occurred",
    "occurred_words",
    "known_on",
    "summary",
    "title",
    "kind",
    "organisations",
    "site",
    "country",
    "product",
    "unit",
    "brownfield",
    "partner",
    "tags",
    "follows",
    "rivals",
    "expected_start",
    "expected_start_words",
    "capacity_per_year",
    "period",
    "volume",
    "measure",
    "target_volume",
    "target_by",
    "stake_pct",
    "amount",
    "currency",
    "rival",
    "retracts",
    "amends",
    "recorded_by",
    "source",
]
"""The order of keys in a line that is written."""

LISTS: Final = ("organisations", "tags", "follows", "rivals")
FLAGS: Final = ("brownfield",)
NUMBERS: Final = ("capacity_per_year", "volume", "target_volume", "stake_pct", "amount")

QUOTED: Final = 60
"""Characters of a wrong value that a sentence repeats."""

FEW: Final = 60
"""Right words that a sentence lists."""

LEFT_OUT: Final[tuple[object, ...]] = (None, "", [], {})
"""Values that say nothing."""

Line = dict[str, Any]

VARIANT: Final = "89ab"
"""The digit that says, with two bits of the hash, which kind of UUID it is (RFC 9562)."""

_SORTED: Final = msgspec.json.Encoder(order="sorted")
_FACT: Final = msgspec.json.Decoder(facts.Fact)


def to_fact(line: Line, *, today: date) -> Fact:
    """The fact that a line states.

    A missing `known_on` is `today`; a missing `id` is derived from the keys that are given, so
    that the same line read twice, on whatever day, is the same event. Null and empty values
    count as left out. Raises `Invalid` with the key, what is wrong and the nearest right word.
    """
    given = {key: value for key, value in line.items() if value or value not in LEFT_OUT}
    try:
        content = _content(given)
        added = {}
        if "id" not in given:
            added["id"] = _id_of(content)
        if "known_on" not in given:
            added["known_on"] = today.isoformat()
        given |= added
        # A tenth of the time of `msgspec.convert`, which is asked only for what is wrong.
        return cast("Fact", _FACT.decode(_joined(added, content)))
    except UnicodeEncodeError as error:
        raise Invalid(
            "a text holds half of a character. Write the character itself."
        ) from error
    except msgspec.MsgspecError:
        return _converted(given)


def _converted(given: Line) -> Fact:
    try:
        return cast("Fact", msgspec.convert(given, type=facts.Fact))
    except msgspec.ValidationError as error:
        raise Invalid(explained(str(error), given)) from error


def from_fact(fact: Fact) -> Line:
    """The line that states a fact, keys in their order, nothing left out but defaults."""
    line = msgspec.to_builtins(fact)
    return {key: line[key] for key in KEYS if key in line}


def derived_id(given: Line) -> str:
    """A UUID (version 5) of the content, whatever the order of its keys."""
    return _id_of(_content(given))


def _id_of(content: bytes) -> str:
    """As `uuid.uuid5` makes and writes it, without its objects: a third of the time."""
    made = hashlib.sha1(NAMESPACE.bytes + content, usedforsecurity=False).hexdigest()
    variant = VARIANT[int(made[16], 16) % 4]
    return f"{made[:8]}-{made[8:12]}-5{made[13:16]}-{variant}{made[17:20]}-{made[20:32]}"


def _joined(added: Line, content: bytes) -> bytes:
    """Two JSON objects as one; encoding the content again would take as long as decoding it."""
    return _SORTED.encode(added)[:-1] + b"," + content[1:] if added else content


def _content(given: Line) -> bytes:
    """The keys in order as JSON, as Python's own encoder writes it: old ids hang on that."""
    if _written_alike(given.values()):
        return _SORTED.encode(given)
    content = json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return content.encode()


def _written_alike(values: Iterable[object], *, within: bool = False) -> bool:
    """Whether msgspec writes them as Python does: no float, nothing deeper than a source."""
    for value in values:
        kind = type(value)
        if kind is str or kind is int or kind is bool:
            continue
        if within or kind not in {dict, list}:
            return False
        inner = value.values() if isinstance(value, dict) else cast("list[object]", value)
        if not _written_alike(inner, within=True):
            return False
    return True


def explained(error: str, line: Line) -> str:
    """The validator's finding as a sentence about the line's own words."""
    if found := re.search(r"unknown field `(.+?)`", error):
        return _unknown_key(found[1], line, nested="$.source" in error)
    if found := re.search(r"missing required field `(.+?)`", error):
        if found[1] == "type":
            return f"type is missing. Write one of: {', '.join(facts.TYPES)}."
        return f"{found[1]} is missing: {_said_by(line)} needs it."
    path = re.search(r"`\$\.?(.*?)`", error)
    key = path[1] if path else ""
    value = _at(line, key)
    if key == "type":
        return f"type: there is no {_quoted(value)}{nearest(str(value), list(facts.TYPES))}"
    return f"{key or 'the line'}: {_quoted(value)} {_wrong(key, error, value)}"


def _unknown_key(key: str, line: Line, *, nested: bool) -> str:
    if nested:
        allowed = list(Source.__struct_fields__)
        return f"source.{short(key)}: there is no such key{nearest(key, allowed)}"
    cls = facts.TYPES.get(str(line.get("type")))
    if key in KEYS and cls is not None:
        return f"{key} does not belong to {_said_by(line)}."
    return f"{short(key)}: there is no such key{nearest(key, KEYS)}"


def _said_by(line: Line) -> str:
    if "type" not in line:
        return "an event"
    type = str(line["type"])
    return f"{'an' if type[:1] in 'aeiou' else 'a'} {type} event"


def nearest(word: str, right: Iterable[str]) -> str:
    """The tail of a sentence: the closest right word, or all of them while they are few."""
    words = list(right)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]}?"
    return f". Write one of: {', '.join(words)}." if 0 < len(words) <= FEW else "."


def _wrong(key: str, error: str, value: object) -> str:
    """What is wrong with a value, and the mend, by key; the validator's words otherwise."""
    name = key.split("[", maxsplit=1)[0].rsplit(".", 1)[-1]
    if name in SLUGS and "length" not in error:
        return _no_slug(str(value))
    if name in MENDS and "length" not in error:
        return MENDS[name]
    finding = error.split(" - at", maxsplit=1)[0]
    return f"is refused: {finding[0].lower()}{finding[1:]}."


def _no_slug(text: str) -> str:
    """The refusal, with the slug that may have been meant as its example."""
    likely = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    example = likely if 0 < len(likely) <= QUOTED else "byd-szeged"
    return f"is no slug. Write lower-case words and digits joined by -, such as {example}."


SLUGS: Final = ("programme", "rival", "rivals", "follows")
_UNITS: Final = "is no number of units, 0 or more, such as 150000."
MENDS: Final = {
    "known_on": "is no day. Write it as 2024-02-20.",
    "grade": "is no grade. Write A to F and 1 to 6, such as B2.",
    "id": "is no UUID.",
    "retracts": "is no UUID of an event.",
    "amends": "is no UUID of an event.",
    "volume": _UNITS,
    "capacity_per_year": _UNITS,
    "target_volume": _UNITS,
    "amount": "is no amount, 0 or more, in whole currency units.",
    "stake_pct": "is no percentage between 0 and 100.",
    "currency": "is no currency. Write three letters of ISO 4217, such as EUR.",
    "measure": "is no measure. Write production, deliveries or registrations.",
    "kind": "is no kind. Write production or context.",
    "brownfield": "is neither true nor false.",
}


def _at(line: Line, path: str) -> object:
    """The value at a validator's path, such as `source.grade` or `follows[0]`."""
    value: object = line
    for step in re.findall(r"\w+", path):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list | tuple) and step.isdigit():
            value = value[int(step)]
    return value


def _quoted(value: object) -> str:
    return short(json.dumps(value, ensure_ascii=False, default=str))


def short(text: str) -> str:
    """A text as far as a sentence repeats it."""
    return text if len(text) <= QUOTED else f"{text[: QUOTED - 3]}..."
