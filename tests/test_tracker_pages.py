from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from events.entries import Page, Row
from events.errors import Unusable
from tracker import pages

if TYPE_CHECKING:
    from tracker.pages import Stretch

FACT = '{"recorded_at":"2024-01-01T00:00:00Z","fact":{"id":"one","summary":"☃, \\"so\\"\\n"}}'
ROWS = [
    Row(1, "car-at-x", "programme-opened", FACT.encode()),
    Row(2, "car-at-x", "volume-reported", b"{}"),
    Row(3, "car-at-y/forecasts", "forecast-issued", b"{}"),
    Row(4, "car-at-z", "event-retracted", b'{"fact":{}}'),
]


def page(*rows: Row) -> Page:
    return Page(*zip(*rows, strict=True))


def as_batch(stretch: Stretch) -> list[Any]:
    with duckdb.connect() as connection, stretch.as_batch(connection):
        found = connection.execute("SELECT position, topic, state FROM batch ORDER BY 1")
        return found.fetchall()


@pytest.mark.parametrize("few", [0, len(ROWS)], ids=["arrow", "lists"])
def test_entries_reach_duckdb_as_they_are_stored(
    monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(pages, "FEW", few)

    (stretch,) = pages.stretches(iter([page(*ROWS[:2]), page(*ROWS[2:])]))

    assert bool(stretch.arrow) == (few == 0)
    assert as_batch(stretch) == [(row.position, row.topic, row.state.decode()) for row in ROWS]


@pytest.mark.parametrize("few", [0, len(ROWS)], ids=["arrow", "lists"])
def test_bytes_that_are_no_text_are_refused(monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(pages, "FEW", few)

    wrong = page(*ROWS, Row(5, "car-at-x", "noted", b'{"a":"\xff"}'))

    with pytest.raises(Unusable):
        list(pages.stretches(iter([wrong])))


def test_a_stretch_knows_whose_entries_it_holds() -> None:
    (stretch,) = pages.stretches(iter([page(*ROWS)]))

    assert stretch.last == len(ROWS)
    assert stretch.told == {"car-at-x", "car-at-z"}
    assert stretch.reported == {"car-at-x"}
    assert stretch.corrected == {"car-at-z"}
    assert stretch.issued == {"car-at-y"}


def test_pages_go_in_together_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "TOGETHER", 2)

    read = [stretch.last for stretch in pages.stretches(map(page, ROWS))]

    assert read == [2, 4]
