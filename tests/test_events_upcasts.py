from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from events import facts, form, journal, lines, upcasts
from events.chain import GENESIS, Link, next_link
from events.errors import Unusable
from events.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.upcasts import Plain

FIRST_FORM = Path(__file__).parent / "ledgers" / "form-1.ndjson"
"""A ledger as the first form has it, one of every topic. It is never made anew."""

TODAY = date(2026, 1, 1)
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def chained(entries: list[dict[str, Any]]) -> Iterator[Link]:
    """Entries with the links that they had when they were recorded."""
    link = GENESIS
    for position, one in enumerate(entries, 1):
        stream, version, topic, state = (
            one[key] for key in ("stream", "version", "topic", "state")
        )
        link = next_link(link, position, (stream, version, topic, state.encode()))
        assert link.hex() == one.get("link", link.hex())
        yield Link(position, stream, version, topic, state.encode(), link)


def laid(store: Path | str, entries: list[dict[str, Any]]) -> Ledger:
    """A ledger that holds these entries, whatever form they are in."""
    ledger = Ledger.at(store, create=True)
    ledger.chained.take(chained(entries))
    return ledger


def of_first_form() -> list[dict[str, Any]]:
    return [json.loads(line) for line in FIRST_FORM.read_text("utf-8").splitlines()]


def test_a_ledger_of_the_first_form_is_read_whole(store: Path | str) -> None:
    with laid(store, of_first_form()) as ledger:
        told = [entry.fact for entry in ledger.entries()]
        said = [entry.forecast for entry in ledger.issued()]
        head, fault = ledger.verified()

    assert {fact.type for fact in told} == set(facts.TYPES)
    assert fault is None
    assert head.count == len(told) + len(said) == len(of_first_form())
    assert said[0].volume[0].quantiles == (0, 1000, 90_000)
    assert told[0].source
    assert told[0].source.grade == "B2"


def test_what_is_recorded_today_is_stored_as_form_1_has_it(tmp_path: Path) -> None:
    # Whoever breaks this raises `events.form.FORM` and adds to `events.upcasts`.
    with laid(tmp_path / "old.sqlite", of_first_form()) as old:
        told = [entry.fact for entry in old.entries()]
        said = [entry.forecast for entry in old.issued()]

    with Ledger.at(tmp_path / "new.sqlite", create=True) as new:
        new.append(told, after={}, now=NOON)
        new.issue(said, after={}, now=NOON)
        stored = [(link.topic, link.state.decode()) for link in new.chained.links()]

    *were, was = [(one["topic"], one["state"]) for one in of_first_form()]
    *are, (_, issued) = stored
    assert are == were
    assert json.loads(issued)["fact"] | json.loads(was[1])["fact"] == json.loads(issued)["fact"]


def entry(number: int, topic: str, **said: object) -> dict[str, Any]:
    """An entry of the form before the first, in which a site was a plant."""
    fact = {
        "type": topic,
        "id": f"00000000-0000-4000-8000-{number:012}",
        "programme": "car-at-x",
        "occurred": "2024-02",
        "known_on": "2024-02-20",
        **said,
    }
    state = {"form": 0, "recorded_at": "2024-02-21T12:00:00Z", "fact": fact}
    told = {"stream": "car-at-x", "version": number, "topic": topic}
    return {**told, "state": json.dumps(state, separators=(",", ":"))}


OLD = [
    entry(1, "programme-opened", title="X", plant="Mirafiori"),
    entry(2, "rumour", starts="2026-H2"),
    entry(3, "noted", summary="As it is today."),
]


def _site(fact: Plain) -> Plain:
    return {("site" if key == "plant" else key): value for key, value in fact.items()}


def _considered(fact: Plain) -> Plain:
    window = {"expected_start": fact["starts"], "type": "production-considered"}
    return {key: value for key, value in fact.items() if key != "starts"} | window


@pytest.fixture
def _form_0(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(upcasts.UPCASTS, ("programme-opened", 0), _site)
    monkeypatch.setitem(upcasts.UPCASTS, ("rumour", 0), _considered)


@pytest.mark.usefixtures("_form_0")
def test_an_older_form_is_read_as_todays_and_stays_as_it_was_stored(store: Path | str) -> None:
    with laid(store, OLD) as ledger:
        before = [link.state for link in ledger.chained.links()]
        opened, rumour, noted = (entry.fact for entry in ledger.entries())
        again = lines.to_fact(lines.from_fact(noted) | {"id": ""}, today=TODAY)
        ledger.append([again], after={"car-at-x": 3}, now=NOON)
        history = ledger.stream("car-at-x").history
        rows = [(row.topic, row.state) for row in ledger.rows()]
        exported = [json.loads(line) for line in journal.ndjson(history)]
        after = [link.state for link in ledger.chained.links()]
        _, fault = ledger.verified()
        listed = ledger.programmes()

    assert isinstance(opened, facts.ProgrammeOpened)
    assert opened.site == "Mirafiori"
    assert isinstance(rumour, facts.ProductionConsidered)
    assert rumour.expected_start == "2026-H2"
    assert list(history[:3]) == [opened, rumour, noted]
    assert [topic for topic, _ in rows[:2]] == ["programme-opened", "production-considered"]
    assert json.loads(rows[1][1])["bounds"]["expected_start"]["earliest"] == "2026-07-01"
    assert exported[1]["type"] == "production-considered"
    assert (after[:3], len(after)) == (before, 4)
    assert fault is None
    assert listed == ["car-at-x"]


def test_a_later_form_is_said_by_the_first_entry_in_it_and_refused_by_older_trackers(
    store: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fact = lines.to_fact(
        {"programme": "car-at-x", "type": "noted", "occurred": "2024"}, today=TODAY
    )
    with Ledger.at(store, create=True) as old:
        old.append([fact], after={}, now=NOON)
        with monkeypatch.context() as later:
            later.setattr(form, "FORM", 2)
            with Ledger.at(store) as ledger:
                read = [entry.fact for entry in ledger.entries()]
            Ledger.at(store).close()  # who only reads raises nothing
            with monkeypatch.context() as earlier:
                earlier.setattr(form, "FORM", 1)
                Ledger.at(store).close()
            with Ledger.at(store) as ledger:
                again = msgspec.structs.replace(fact, id=lines.derived_id({"again": 2}))
                ledger.append([again], after={"car-at-x": 1}, now=NOON)
                told = [entry.fact for entry in ledger.entries()]
                states = [link.state for link in ledger.chained.links()]

        with pytest.raises(Unusable, match="newer Tracker"):
            Ledger.at(store)
        with pytest.raises(Unusable, match="newer Tracker"):
            list(old.entries())

    assert read == [fact]
    assert told == [fact, again]
    assert [state.startswith(b'{"form":2,') for state in states] == [False, True]


@pytest.mark.parametrize(
    "state",
    [
        b"",
        b"{}",
        b"\xff\xfe",
        b'{"recorded_at":"2026-01-01T12:00:00Z","fact":{"type":"noted","id":5}}',
        b'{"recorded_at":"2026-01-01T12:00:00Z","fact":{"type":"unheard-of"}}',
    ],
)
def test_an_entry_whose_bytes_say_nothing_is_told_in_a_sentence(
    tmp_path: Path, state: bytes
) -> None:
    store = tmp_path / "ledger.sqlite"
    Ledger.at(store, create=True).close()
    with closing(sqlite3.connect(store)) as stranger:
        stranger.execute("INSERT INTO stored_events VALUES ('x', 1, 'noted', ?, NULL)", [state])
        stranger.commit()

    with Ledger.at(store) as ledger:
        for ask in (lambda: list(ledger.entries()), lambda: ledger.stream("x")):
            with pytest.raises(Unusable, match=r"not what was recorded.*Restore a backup"):
                ask()
