from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import psycopg
import pytest

from events import lines
from events.errors import Conflict, Overtaken, Unknown, Unusable
from events.issued import ForecastIssued, YearIssued
from events.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.facts import Fact
    from tests.conftest import Server

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
TODAY = date(2026, 1, 1)


def noted(summary: str, programme: str = "plant") -> Fact:
    line = {"programme": programme, "type": "noted", "occurred": "2024", "summary": summary}
    return lines.to_fact(line, today=TODAY)


def forecast(**change: object) -> ForecastIssued:
    year = YearIssued(year=2026, zero=900_000, mean=10, quantiles=(0, 0, 90))
    issued = ForecastIssued(
        programme="plant",
        as_of=TODAY,
        cutoff=1,
        model="start-1",
        fitted="ab",
        status="open",
        start=tuple(range(120)),
        never=999_881,
        volume=(year,),
    )
    return msgspec.structs.replace(issued, **change)


@pytest.fixture
def ledger(store: Path | str) -> Iterator[Ledger]:
    with Ledger.at(store, create=True) as ledger:
        yield ledger


def raw(store: Path | str, on_sqlite: str, on_postgresql: str) -> list[Any]:
    """What a statement says past Tracker, in each store's own words."""
    if isinstance(store, Path):
        with closing(sqlite3.connect(store)) as connection:
            return connection.execute(on_sqlite).fetchall()
    with psycopg.connect(store, autocommit=True) as server:
        done = server.execute(on_postgresql.encode())
        return done.fetchall() if done.description else []


def test_what_is_recorded_is_read_back_with_its_moment(ledger: Ledger) -> None:
    fact = noted("First.")

    ledger.append([fact], after={}, now=NOW)

    (entry,) = ledger.entries()
    assert (entry.fact, entry.recorded_at, entry.position) == (fact, NOW, 1)
    assert ledger.stream("plant").history == (fact,)
    assert ledger.head() == 1


def test_a_stream_that_moved_on_is_not_written_over(ledger: Ledger) -> None:
    ledger.append([noted("First.")], after={}, now=NOW)

    with pytest.raises(Overtaken, match=r"process recorded noted \w+ on plant"):
        ledger.append([noted("Second.")], after={"plant": 0}, now=NOW)

    assert ledger.stream("plant").version == 1


def test_a_batch_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    ledger.append([noted("There.", "other")], after={}, now=NOW)

    with pytest.raises(Overtaken):
        ledger.append([noted("One."), noted("Two.", "other")], after={"other": 0}, now=NOW)

    assert ledger.stream("plant").version == 0


def test_stored_state_is_plain_json_with_the_bounds_of_its_dates(
    ledger: Ledger, store: Path | str
) -> None:
    ledger.append([noted("First.")], after={}, now=NOW)

    ((topic, earliest, said),) = raw(
        store,
        "SELECT topic, state ->> '$.bounds.occurred.earliest', state ->> '$.fact.summary'"
        " FROM (SELECT topic, CAST(state AS TEXT) AS state FROM stored_events)",
        "SELECT topic, state #>> '{bounds,occurred,earliest}', state #>> '{fact,summary}'"
        " FROM (SELECT topic, convert_from(state, 'UTF8')::json AS state FROM ledger_events)",
    )

    assert (topic, earliest, said) == ("noted", "2024-01-01", "First.")


def test_an_event_is_found_by_the_beginning_of_its_id(ledger: Ledger) -> None:
    first, second = noted("First."), noted("Second.")
    ledger.append([first, second], after={}, now=NOW)

    assert ledger.find(first.id[:8]) == first
    with pytest.raises(Unknown, match="No event's id begins with 'zz'"):
        ledger.find("zz")


def test_an_ambiguous_beginning_is_refused(ledger: Ledger) -> None:
    many = [noted(f"Number {number}.") for number in range(40)]
    ledger.append(many, after={}, now=NOW)
    first = next(a.id[0] for a in many if sum(b.id[0] == a.id[0] for b in many) > 1)

    with pytest.raises(Conflict, match=f"events' ids begin with '{first}'"):
        ledger.find(first)


def test_forecasts_stay_apart_from_events(ledger: Ledger) -> None:
    ledger.append([noted("First.")], after={}, now=NOW)

    ledger.issue([forecast(), forecast(as_of=date(2026, 2, 28))], after={}, now=NOW)

    assert [made.as_of for made in ledger.forecasts("plant")] == [TODAY, date(2026, 2, 28)]
    assert len(list(ledger.entries())) == 1
    assert ledger.head() == 3


def test_the_same_forecast_is_not_issued_by_two(ledger: Ledger) -> None:
    ledger.issue([forecast()], after={}, now=NOW)

    with pytest.raises(Overtaken):
        ledger.issue([forecast()], after={"plant": 0}, now=NOW)


def test_a_ledger_written_by_a_newer_tracker_is_refused(
    ledger: Ledger, store: Path | str
) -> None:
    ledger.close()
    raw(store, "PRAGMA user_version = 99", "INSERT INTO ledger_form VALUES (99)")

    with pytest.raises(Unusable, match="written by a newer Tracker"):
        Ledger.at(store)


def test_a_refused_recording_leaves_no_gap_in_the_chain(ledger: Ledger) -> None:
    ledger.append([noted("First.")], after={}, now=NOW)
    with pytest.raises(Overtaken):
        ledger.append([noted("Late.")], after={}, now=NOW)

    ledger.append([noted("Second.")], after={"plant": 1}, now=NOW)

    head, fault = ledger.verified()
    assert (head.count, fault) == (2, None)


@pytest.mark.parametrize("change", ["UPDATE {} SET topic = ''", "DELETE FROM {}"])
def test_what_is_recorded_is_not_changed_by_sql(
    ledger: Ledger, store: Path | str, change: str
) -> None:
    ledger.append([noted("First.")], after={}, now=NOW)

    with pytest.raises((sqlite3.Error, psycopg.Error), match="the ledger is append-only"):
        raw(store, change.format("stored_events"), change.format("ledger_events"))

    assert ledger.verified()[1] is None


def test_both_stores_hash_the_same_chain(postgres: Server, tmp_path: Path) -> None:
    heads = set()
    for place in (tmp_path / "ledger.sqlite", postgres.database()):
        with Ledger.at(place, create=True) as ledger:
            ledger.append([noted("First."), noted("Zürich.", "other")], after={}, now=NOW)
            ledger.issue([forecast()], after={}, now=NOW)
            heads.add(str(ledger.verified()[0]))

    assert len(heads) == 1


def test_what_is_no_ledger_is_told_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite"
    path.write_text("not a database, " * 100)

    with pytest.raises(Unusable, match="it is no ledger, or a broken copy"):
        Ledger.at(path)
    with pytest.raises(Unknown, match="Run `tracker init` first"):
        Ledger.at(tmp_path / "elsewhere.sqlite")


def test_writers_at_the_same_moment_lose_nothing(store: Path | str) -> None:
    Ledger.at(store, create=True).close()

    def write(name: str) -> None:
        with Ledger.at(store) as own:
            for number in range(25):
                version = own.stream(name).version
                own.append([noted(f"{number}", name)], after={name: version}, now=NOW)

    writers = [threading.Thread(target=write, args=(f"p{n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    with Ledger.at(store) as ledger:
        positions = [entry.position for entry in ledger.entries()]
        fault = ledger.verified()[1]
    assert fault is None
    assert positions == list(range(1, 101))
