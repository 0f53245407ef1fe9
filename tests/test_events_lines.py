from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import facts, journal, lines
from events.errors import Invalid

DAY = date(2024, 1, 1)
BARE = {"programme": "car-at-x", "type": "noted", "occurred": "2024", "known_on": "2024-01-01"}

texts = st.text(max_size=8)
leaves = texts | st.integers() | st.booleans() | st.none() | st.floats(allow_nan=False)
values = leaves | st.lists(leaves, max_size=3) | st.dictionaries(texts, leaves, max_size=3)
some_keys = st.sampled_from([*lines.KEYS, "else"])
some_lines = st.dictionaries(some_keys, values, max_size=6).map(lambda given: BARE | given)


def slowly(line: dict[str, Any]) -> object:
    """The same by Python's own encoder and the converter, which ledgers' ids began with."""
    given = {key: value for key, value in line.items() if value not in (None, "", [], {})}
    content = json.dumps(given, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    given.setdefault("id", str(uuid.uuid5(lines.NAMESPACE, content)))
    given.setdefault("known_on", DAY.isoformat())
    try:
        return msgspec.convert(given, type=facts.Fact)
    except msgspec.ValidationError as error:
        return lines.explained(str(error), given)


@given(some_lines)
def test_the_fast_way_to_a_fact_is_the_slow_one(line: dict[str, Any]) -> None:
    try:
        fact: object = lines.to_fact(line, today=DAY)
    except Invalid as error:
        fact = str(error)

    assert fact == slowly(line)


@given(st.dictionaries(texts, values, max_size=5))
def test_an_id_is_that_of_the_line_as_python_writes_it(line: dict[str, Any]) -> None:
    content = json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert lines.derived_id(line) == str(uuid.uuid5(lines.NAMESPACE, content))


def sentence(raw: str) -> str:
    _, faults = journal.read(raw.encode(), "j", today=DAY)
    return faults[0].sentence


@pytest.mark.parametrize("colon", [":", " :", "\t: "])
@pytest.mark.parametrize("text", ["plain", 'a \\"b\\": c'])
def test_a_key_that_stands_twice_is_found_however_it_is_written(colon: str, text: str) -> None:
    again = json.dumps(BARE)[:-1] + f', "summary"{colon}"{text}", "summary"{colon}"{text}"}}'

    assert sentence(again) == "summary is given twice."


def test_half_a_character_is_refused() -> None:
    half = json.dumps(BARE)[:-1] + ', "summary": "\\ud800"}'

    assert sentence(half) == "a text holds half of a character. Write the character itself."
