from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from events import form, lines
from events.errors import Unusable
from events.issued import ForecastIssued, YearIssued
from events.ledger import Ledger
from tracker import pages, timeline

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SHOWN = ("recorded_reports", "recorded_others", "forecasts", "volume_quantiles")
COMMON = {"programme": "car-at-x", "occurred": "2024-02", "known_on": "2024-03-01"}
LINES: list[dict[str, Any]] = [
    {"type": "programme-opened", "title": "A car ☃", "organisations": ["A", "B"]},
    {"type": "volume-reported", "period": "2024-02", "volume": 5, "summary": 'a "so"\nb'},
    {"type": "volume-reported", "period": "2024-Q1~", "volume": 2.5, "measure": "deliveries"},
    {"type": "start-revised", "expected_start": "2027", "source": {"grade": "B2", "url": "u"}},
    {"type": "volume-reported", "period": "2024-03", "volume": 0, "source": {"grade": "A1"}},
]


def filled(folder: Path, *, times: int) -> Ledger:
    """A ledger with so many times these events, a forecast behind each round of them."""
    ledger = Ledger.at(folder / "ledger.sqlite", create=True)
    for number in range(times):
        facts = [
            lines.to_fact(
                COMMON | line | {"id": f"{number:08}-0000-4000-8000-{nth:012}"},
                today=date.max,
            )
            for nth, line in enumerate(LINES)
        ]
        ledger.append(facts, after={"car-at-x": number * len(LINES)}, now=NOON)
        year = YearIssued(year=2026, zero=900_000, mean=10, quantiles=(0, 0, 90))
        issued = ForecastIssued(
            programme="car-at-x",
            as_of=date(2026, 1, 1),
            cutoff=1,
            model="start-1",
            fitted="ab",
            status="open",
            start=(1,) * 120,
            never=5,
            volume=(year,),
        )
        ledger.issue([issued], after={"car-at-x": number}, now=NOON)
    return ledger


def rows(file: Path, ledger: Ledger) -> dict[str, list[tuple[Any, ...]]]:
    """What is poured into an empty timeline, in two goes."""
    with duckdb.connect() as desk, timeline.built(desk, file):
        pages.pour(desk, ledger, after=0, until=4)
        pages.pour(desk, ledger, after=4, until=ledger.head())
        return {table: desk.table(table).fetchall() for table in SHOWN}


@pytest.fixture
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "PAGE", 4)
    monkeypatch.setattr(pages, "TOGETHER", 500)


@pytest.mark.usefixtures("_small_pages")
def test_many_entries_reach_duckdb_as_a_few_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled(tmp_path, times=9) as ledger:
        few = rows(tmp_path / "few.duckdb", ledger)
        monkeypatch.setattr(pages, "FEW", 0)
        many = rows(tmp_path / "many.duckdb", ledger)

    assert many == few
    assert {table: len(found) for table, found in few.items()} == {
        "recorded_reports": 27,
        "recorded_others": 18,
        "forecasts": 9,
        "volume_quantiles": 9,
    }
    for found in few.values():
        assert found == sorted(found, key=lambda row: row[0])


@pytest.mark.parametrize("few", [0, pages.FEW], ids=["many", "few"])
@pytest.mark.parametrize("topic", ["noted", "volume-reported"])
def test_bytes_that_are_no_text_are_refused_and_nothing_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few: int, topic: str
) -> None:
    monkeypatch.setattr(pages, "FEW", few)
    filled(tmp_path, times=1).close()
    wrong = b'{"recorded_at":"2024-01-01T00:00:00Z","fact":{"summary":"\xff"}}'
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as stranger:
        stranger.execute(
            "INSERT INTO stored_events VALUES ('x', 1, ?, ?, NULL)", [topic, wrong]
        )
        stranger.commit()

    with Ledger.at(tmp_path / "ledger.sqlite") as ledger:
        beside = tmp_path / "beside.duckdb"
        with (
            pytest.raises(Unusable, match="not what was recorded"),
            duckdb.connect() as desk,
            timeline.built(desk, beside),
        ):
            pages.pour(desk, ledger, after=0, until=ledger.head())
        with duckdb.connect(beside) as left:
            assert left.execute("SHOW TABLES").fetchall() == []
