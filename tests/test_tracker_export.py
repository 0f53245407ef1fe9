from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal

OPENED = ("open", "car-at-x", "--title", "X", "--known-on", "2024-01-31", "--no-forecast")


@pytest.mark.parametrize(
    ("file", "format"),
    [("a.csv", "csv"), ("A.CSV", "csv"), ("a.ndjson", "ndjson"), ("a.jsonl", "ndjson")],
)
def test_a_files_name_says_its_format(empty: Terminal, file: str, format: str) -> None:
    empty.well(*OPENED)

    empty.well("export", "-o", file)

    said = empty.well("export", "--format", format).out
    assert (empty.folder / file).read_bytes().decode() == said


def test_a_name_that_says_nothing_is_taken_as_ever_and_cloudevents_are_lines(
    empty: Terminal,
) -> None:
    empty.well(*OPENED)

    empty.well("export", "-o", "journal")
    empty.well("export", "--format", "cloudevents", "-o", "events.jsonl")

    assert (empty.folder / "journal").read_text().startswith('{"id"')
    assert (empty.folder / "events.jsonl").read_text().startswith('{"specversion"')


@pytest.mark.parametrize(
    "words",
    [
        ("--format", "csv", "-o", "a.ndjson"),
        ("--format", "parquet", "-o", "a.csv"),
        ("-o", "a.json"),
    ],
    ids=" ".join,
)
def test_a_format_that_contradicts_the_files_name_is_refused(
    empty: Terminal, words: tuple[str, ...]
) -> None:
    said = empty("export", *words)

    assert (said.code, said.out) == (2, "")
    assert words[-1] in said.err
    assert not (empty.folder / words[-1]).exists()
