"""What must hold of any input, one law a target: each says whether it was taken, or breaks.

Only the product's own refusals may come, each one sentence; what is taken comes back equal.
"""

import csv
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import msgspec

import hostile
import hostile_words
from events import edtf, facts, journal, lines, phrases, sheets
from events.corrections import effective
from events.decisions import sound
from events.entries import Record, stored
from events.errors import EventsError, Invalid
from events.facts import Fact
from events.ledger import Ledger
from events.programme import replay
from events.signs import CONTROL
from everyday import of_commands
from forecasts.errors import ForecastError
from hostile_words import Dice
from tracker import estimator, wishes, workspace
from tracker.errors import FaultyJournal, TrackerError
from tracker.importing import bring_in
from tracker.judging import judged
from tracker.machine_view import machine_view
from tracker.tables import harmless, json_line

TODAY: Final = date(2026, 11, 22)
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=UTC)
SENTENCE: Final = 1_500
"""Characters that a refusal may have."""

REFUSALS: Final = (EventsError, ForecastError, TrackerError)


class Broken(Exception):
    """A law that does not hold."""


def _must(holds: object, sentence: str) -> None:
    if not holds:
        raise Broken(sentence)


def _sentence(text: str) -> None:
    """What people read is one short line that moves no cursor."""
    _must(text.strip(), "an empty sentence")
    _must(len(text) <= SENTENCE, f"a sentence of {len(text)} characters")
    _must(not CONTROL.search(harmless(text)), "control characters in a sentence")
    harmless(text).encode()


def _refused(law: Callable[[], None]) -> bool:
    """Whether the product took it; its refusal is looked at."""
    try:
        law()
    except FaultyJournal as refusal:
        for line in str(refusal).splitlines():  # a sentence each
            _sentence(line)
        return False
    except REFUSALS as refusal:
        _sentence(str(refusal))
        return False
    return True


def of_journal_bytes(data: bytes) -> bool:
    """Lines are read or refused by name; facts come back from NDJSON, CSV and the ledger."""
    stated, faults = journal.read(
        data, "j", today=TODAY, check=lambda fact: sound(fact, today=TODAY)
    )
    for fault in faults:
        _sentence(str(fault))
    for raw in data.split(b"\n"):
        quick, slow = journal._object(raw), journal._slowly(raw)  # noqa: SLF001 - two readers, one language
        if raw.strip() and len(raw) <= journal.LONGEST:
            _must(str(quick) == str(slow), f"{quick} is not {slow}")
    told = [line.fact for line in stated]
    if told:
        _comes_back(told)
    return bool(told)


def _comes_back(told: list[Fact]) -> None:
    told = journal.in_order(told)
    for write in (journal.ndjson, journal.as_csv):
        data = "".join(write(told)).encode()
        again, faults = journal.read(data, "j", today=TODAY)
        _must(not faults, f"{write.__name__}: {faults[:1]}")
        _must([line.fact for line in again] == told, f"{write.__name__} came back otherwise")
    for row in journal.as_csv(told):
        _must_not_run(row)
    for line in journal.ndjson(told):
        _must(not CONTROL.search(line), "a control character in NDJSON")
    for fact in told:
        kept = msgspec.json.decode(stored(fact, NOW), type=Record)
        _must(kept.fact == fact, "the ledger keeps it otherwise")
        json_line({"fact": lines.from_fact(fact)}, ["fact"]).encode()


def _must_not_run(row: str) -> None:
    for cells in csv.reader([row]):
        for cell in cells:
            number = cell[:1] == "-" and cell[1:].replace(".", "").isdigit()
            _must(number or not cell.startswith(sheets.FORMULA[:-1]), f"a formula: {cell!r}")


def of_edtf(text: str) -> bool:
    """What is read has bounds in order, and its canonical text reads the same."""

    def law() -> None:
        span = edtf.parse(text)
        _must(edtf.parse(span.edtf) == span, "its canonical text reads otherwise")
        if span.earliest and span.latest:
            _must(span.earliest <= span.latest, "it ends before it begins")
        _must(span.earliest or span.latest, "it names no day")

    return _refused(law)


def of_phrase(case: tuple[str, str | None, str]) -> bool:
    """What is read is what its EDTF says; a word that is put before it is not passed over."""
    words, published, intruder = case
    day = date.fromisoformat(published) if published else None

    def law() -> None:
        span = phrases.read(words, published=day)
        _must(edtf.parse(span.edtf) == span, "its EDTF reads otherwise")
        _must(span.earliest or span.latest, "it names no day")
        loud = _or_none(words.upper(), day)
        _must(loud in {None, span}, f"in capitals it reads {loud}")
        more = _or_none(f"{intruder} {words}", day)
        _must(more != span, f"{intruder!r} before it is passed over")

    return _refused(law)


def _or_none(words: str, day: date | None) -> edtf.Span | None:
    try:
        return phrases.read(words, published=day)
    except Invalid:
        return None


def of_number(text: str) -> bool:
    """A figure that is taken is the figure that was typed."""

    def law() -> None:
        wish = wishes.Wish(when="2024", period="2024", volume=text)
        line = wishes.to_line(wish, "plant", "volume-reported", today=TODAY)
        fact = lines.to_fact(line, today=TODAY)
        _must(isinstance(fact, facts.VolumeReported), "another type")
        volume = getattr(fact, "volume", None)
        plain = Decimal(text.strip().replace(",", "").replace("_", ""))
        _must(
            volume == float(plain) if isinstance(volume, float) else volume == plain, "another"
        )

    return _refused(law)


def of_options(typed: dict[str, Any]) -> bool:
    """What `record` is given becomes a fact that comes back, or a sentence about an option."""

    def law() -> None:
        wish = wishes.Wish(**{key: held for key, held in typed.items() if key not in OWN})
        try:
            line = wishes.to_line(wish, typed["programme"], typed["type"], today=TODAY)
            fact = lines.to_fact(line, today=TODAY)
        except Invalid as refusal:
            raise wishes.spoken_of(refusal) from refusal
        _comes_back([fact])

    return _refused(law)


OWN: Final = ("programme", "type")


@contextmanager
def _ledger(folder: str, name: str) -> Iterator[Any]:
    ledger = Ledger.at(Path(folder) / name, create=True)
    try:
        yield ledger
    finally:
        ledger.close()


def of_journal(data: bytes) -> bool:
    """A journal goes in whole or not at all, twice is harmless, and comes out the same."""

    def law() -> None:
        with tempfile.TemporaryDirectory() as folder, _ledger(folder, "one") as ledger:
            done = bring_in(ledger, [("j", data)], today=TODAY, now=NOW)
            for warning in done.warnings:
                _sentence(warning)
            again = bring_in(ledger, [("j", data)], today=TODAY, now=NOW)
            _must(again.new == 0, "imported twice it adds something")
            told = [entry.fact for entry in ledger.entries()]
            out = "".join(journal.ndjson(told)).encode()
            with _ledger(folder, "two") as other:
                bring_in(other, [("j", out)], today=TODAY, now=NOW)
                copied = [entry.fact for entry in other.entries()]
            _must("".join(journal.ndjson(copied)).encode() == out, "it comes out otherwise")
            for slug, history in ledger.histories().items():
                for day in (None, date(2020, 6, 30)):
                    replay(slug, effective(history, as_of=day))

    return _refused(law)


def of_forecast(data: bytes) -> bool:
    """Whatever was taken can be forecast; the machine's view reads back as it was issued."""

    def law() -> None:
        with tempfile.TemporaryDirectory() as folder, _ledger(folder, "one") as ledger:
            bring_in(ledger, [("j", data)], today=TODAY, now=NOW)
            knowledge = estimator.Knowledge.of(ledger)
        for day in (date(2018, 6, 30), TODAY):
            for said in estimator.estimate(knowledge, knowledge.histories, as_of=day):
                _looks_right(said)

    return _refused(law)


def _looks_right(said: Any) -> None:  # noqa: ANN401 - a ForecastIssued
    view = json.loads(json.dumps(machine_view(said), allow_nan=False))
    by = [round(one["probability"] * 1e6) for one in view["start"]["by"]]
    _must(tuple(by) == tuple(said.start), "the view is not what was issued")
    _must(by == sorted(by) and by[0] >= 0 and by[-1] <= 10**6, "no distribution")
    _must(round(view["start"]["never"] * 1e6) == 10**6 - by[-1], "never is not the rest")
    for year in view["volume"]:
        low, middle, high = (year["quantiles"][key] for key in ("0.1", "0.5", "0.9"))
        _must(0 <= low <= middle <= high and 0 <= year["zero"] <= 1, f"no volume: {year}")
        _must(year["mean"] >= 0, f"a negative mean: {year}")


def of_toml(data: bytes) -> bool:
    """Settings are read, or refused in a sentence."""

    def law() -> None:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / workspace.SETTINGS).write_bytes(data)
            place = workspace.at(Path(folder))
            judged(place.settings)
            str(place.ledger_place)

    return _refused(law)


def options(dice: Dice) -> dict[str, Any]:
    """What somebody may type after `tracker record`."""
    typed: dict[str, Any] = {
        "programme": hostile_words.text(dice) if dice.often(0.2) else "plant",
        "type": dice.pick([*facts.TYPES, hostile_words.text(dice)]),
        "when": hostile_words.phrase(dice)[0] if dice.often(0.5) else "2024-05",
    }
    for key in (*lines.NUMBERS, *wishes.DATED[1:], "summary", "source", "title", "known_on"):
        if dice.often(0.15):
            typed[key] = {
                **dict.fromkeys(lines.NUMBERS, hostile_words.number),
                **dict.fromkeys(wishes.DATED, lambda dice: hostile_words.phrase(dice)[0]),
                "known_on": hostile_words.day,
            }.get(key, hostile_words.text)(dice)
    return typed


TARGETS: Final[dict[str, tuple[Callable[[Dice], Any], Callable[[Any], bool]]]] = {
    "lines": (hostile.ndjson, of_journal_bytes),
    "sheets": (hostile.sheet, of_journal_bytes),
    "edtf": (hostile_words.edtf, of_edtf),
    "phrases": (hostile_words.phrase, of_phrase),
    "numbers": (hostile_words.number, of_number),
    "options": (options, of_options),
    "settings": (hostile.toml, of_toml),
    "journals": (hostile.journal, of_journal),
    "forecasts": (hostile.journal, of_forecast),
    "commands": (hostile.journal, of_commands),
}
"""How a case of each target is made, and what must hold of it."""
