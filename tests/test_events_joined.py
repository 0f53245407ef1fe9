from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from events import form, lines, upcasts
from events.chain import Link, next_link
from events.entries import opening
from events.errors import Unusable
from events.joined import Asked
from events.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.facts import Fact
    from events.upcasts import Plain

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
REPORTED = "volume-reported"
SUMMARIES = ["One.", "Zwei ☃", 'so "quoted"', "two\nlines", "tab\tand \\n"]


def fact(number: int) -> Fact:
    """Reports, and something else every third time."""
    line: dict[str, Any] = {
        "programme": f"car-{number % 4}",
        "occurred": "2024-02",
        "known_on": "2024-03-01",
        "summary": SUMMARIES[number % len(SUMMARIES)],
        "id": f"00000000-0000-4000-8000-{number:012}",
        "type": REPORTED if number % 3 else "noted",
    }
    if number % 3:
        line |= {"period": "2024-02", "volume": number}
    return lines.to_fact(line, today=date.max)


@pytest.fixture
def ledger(store: Path | str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ledger]:
    monkeypatch.setattr(form, "PAGE", 7)
    with Ledger.at(store, create=True) as opened:
        versions: dict[str, int] = {}
        for number in range(40):
            told = fact(number)
            opened.append([told], after=versions, now=NOON)
            versions[told.programme] = versions.get(told.programme, 0) + 1
        yield opened


def told(
    ledger: Ledger, *, after: int = 0, until: int | None = None, only: str = "", but: str = ""
) -> list[tuple[int, str, bytes]]:
    """What the store joined, as rows again."""
    found: list[tuple[int, str, bytes]] = []
    until = ledger.head() if until is None else until
    for part in ledger.joined(after=after, until=until, only=only, but=but):
        topics = part.topics.decode().split("\n") if part.topics else [only] * part.lines
        positions = map(int, part.positions.split(b"\n"))
        found += zip(positions, topics, part.states.split(b"\n"), strict=True)
        assert part.whole
        assert found[-1][0] <= part.last
    return found


def in_rows(
    ledger: Ledger, *, after: int = 0, until: int = 1_000
) -> list[tuple[int, str, bytes]]:
    rows = (row for row in ledger.rows(after=after) if row.position <= until)
    return [(row.position, row.topic, row.state) for row in rows]


@pytest.mark.parametrize(("after", "until"), [(0, 40), (3, 40), (0, 20), (12, 13), (40, 40)])
def test_entries_that_the_store_joins_are_those_of_its_rows(
    ledger: Ledger, after: int, until: int
) -> None:
    rows = in_rows(ledger, after=after, until=until)
    reports = [row for row in rows if row[1] == REPORTED]
    others = [row for row in rows if row[1] != REPORTED]

    assert told(ledger, after=after, until=until) == rows
    assert told(ledger, after=after, until=until, only=REPORTED) == reports
    assert told(ledger, after=after, until=until, but=REPORTED) == others


@pytest.mark.parametrize(("only", "but"), [("", None), (REPORTED, None), ("", REPORTED)])
def test_what_is_of_todays_form_is_joined_by_the_store_itself(
    ledger: Ledger, only: str, but: str | None
) -> None:
    asked = Asked(0, ledger.head(), only, but, opening(), older=False, limit=form.PAGE)

    found = ledger.chained.joined(asked)

    assert found is not None
    assert found.whole
    assert found.lines == form.PAGE


def test_an_older_entry_is_among_those_of_the_topic_that_it_has_today(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def counted(plain: Plain) -> Plain:
        return plain | {"type": REPORTED}

    monkeypatch.setitem(upcasts.UPCASTS, ("count", 0), counted)
    *_, last = ledger.chained.links()
    assert last.link
    line = lines.from_fact(fact(1)) | {"type": "count", "known_on": "2024-03-01"}
    state = json.dumps({"form": 0, "recorded_at": "2026-01-01T12:00:00Z", "fact": line})
    entry = ("car-9", 1, "count", state.encode())
    ledger.chained.take(iter([Link(41, *entry, next_link(last.link, 41, entry))]))

    *_, reported = told(ledger, only=REPORTED)
    others = told(ledger, but=REPORTED)

    assert reported == in_rows(ledger)[-1]
    assert reported[:2] == (41, REPORTED)
    assert [position for position, *_ in others] == list(range(1, 41, 3))


def of_a_stranger(store: Path, state: object, topic: object = "noted") -> Ledger:
    """A ledger in whose file somebody wrote an entry by hand."""
    Ledger.at(store, create=True).close()
    with closing(sqlite3.connect(store)) as stranger:
        stranger.execute(
            "INSERT INTO stored_events VALUES ('x', 1, ?, ?, NULL)", [topic, state]
        )
        stranger.commit()
    return Ledger.at(store)


GOOD = b'{"recorded_at":"2026-01-01T12:00:00Z","fact":{"type":"noted"}}'


@pytest.mark.parametrize("topic", ["noted", "no\nted", None])
@pytest.mark.parametrize("state", [GOOD, GOOD.decode(), GOOD.replace(b",", b",\n")])
def test_what_a_stranger_wrote_is_joined_as_its_row_would_be(
    tmp_path: Path, state: object, topic: object
) -> None:
    with of_a_stranger(tmp_path / "ledger.sqlite", state, topic) as ledger:
        (found,) = told(ledger)
        (row,) = in_rows(ledger)

    assert found[0] == row[0]
    assert found[1] == row[1].replace("\n", " ")
    assert json.loads(found[2]) == json.loads(row[2])


@pytest.mark.parametrize("state", [None, b"", b"{}", b"\xff\xfe", 5])
def test_an_entry_that_says_nothing_is_refused_when_joined(
    tmp_path: Path, state: object
) -> None:
    with (
        of_a_stranger(tmp_path / "ledger.sqlite", state) as ledger,
        pytest.raises(Unusable, match=r"not what was recorded.*Restore a backup"),
    ):
        told(ledger)


def test_an_empty_ledger_has_nothing_to_join(store: Path | str) -> None:
    with Ledger.at(store, create=True) as ledger:
        assert told(ledger, until=5) == []
        assert told(ledger, until=5, only=REPORTED) == []
