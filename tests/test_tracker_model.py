"""Ledger and timeline against a plain list, whatever is done to them and in whatever order."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from events import facts, lines
from events.corrections import effective
from events.errors import EventsError, Overtaken
from events.issued import ForecastIssued
from events.ledger import Ledger
from tracker import timeline, workspace
from tracker.entering import enter
from tracker.errors import TrackerError
from tracker.importing import bring_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.facts import Fact

FIRST = date(2024, 1, 1)
TODAY = FIRST + timedelta(9)
NOW = datetime(2024, 2, 1, 12, tzinfo=UTC)
SLUGS = ("car-at-x", "car-at-y", "car-at-z")
TYPES = ("noted", "production-announced", "start-revised", "evidence-for", "production-paused")

slugs = st.sampled_from(SLUGS)
days = st.integers(0, 9).map(lambda number: FIRST + timedelta(number))
bits = st.integers(0, 999)


class LedgerAndTimeline(RuleBasedStateMachine):
    """The model is the list of facts and forecasts in the order in which they were recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="tracker-model-"))
        self.place = workspace.create(self.folder / "model")
        self.ledger = self.place.ledger()
        self.model: list[Fact | ForecastIssued] = []
        self.count = 0

    def teardown(self) -> None:
        """Leave nothing."""
        self.ledger.close()
        shutil.rmtree(self.folder)

    @property
    def told(self) -> list[Fact]:
        """The facts of the model."""
        return [one for one in self.model if not isinstance(one, ForecastIssued)]

    def line(self, slug: str, type: str, day: date, **more: object) -> dict[str, Any]:
        """A journal line that no other is the same as."""
        self.count += 1
        dated = {"occurred": "2024", "known_on": day.isoformat()}
        return {"programme": slug, "type": type, **dated, "summary": f"{self.count}", **more}

    def enters(self, line: dict[str, Any]) -> None:
        """What one line states, in the ledger and in the model; or refused, and in neither."""
        try:
            entry = enter(self.ledger, line, today=TODAY, now=NOW)
        except (EventsError, TrackerError):
            return
        self.model.append(entry.fact)

    @rule(slug=slugs, day=days)
    def open_(self, slug: str, day: date) -> None:
        """Open a programme, or be refused where it is open."""
        self.enters(self.line(slug, "programme-opened", day, title=slug))

    @rule(slug=slugs, type=st.sampled_from(TYPES), day=days)
    def record(self, slug: str, type: str, day: date) -> None:
        """Record an event."""
        self.enters(self.line(slug, type, day))

    @precondition(lambda self: self.told)
    @rule(which=bits, day=days)
    def retract(self, which: int, day: date) -> None:
        """Take any event back, a retraction too."""
        target = self.told[which % len(self.told)]
        line = self.line(target.programme, "event-retracted", day, retracts=target.id)
        self.enters(line)

    @precondition(lambda self: self.told)
    @rule(which=bits, day=days)
    def amend(self, which: int, day: date) -> None:
        """Correct any event, a correction too."""
        target = self.told[which % len(self.told)]
        title = {"title": "Z"} if isinstance(target, facts.ProgrammeOpened) else {}
        line = self.line(target.programme, "event-amended", day, amends=target.id, **title)
        self.enters(line)

    @rule(slug=slugs, size=st.integers(0, 4), day=days, faulty=st.booleans())
    def import_(self, slug: str, size: int, day: date, *, faulty: bool) -> None:
        """Bring in a journal: all of it, or nothing where a line is faulty."""
        made = [self.line(slug, "programme-opened", FIRST, title=slug)]
        made = [] if any(fact.programme == slug for fact in self.told) else made
        made += [self.line(slug, "noted", day) for _ in range(size)]
        made += [{**self.line(slug, "noted", day), "occurred": "soon"}] * faulty
        data = b"".join(msgspec.json.encode(line) + b"\n" for line in made)
        try:
            bring_in(self.ledger, [("journal", data)], today=TODAY, now=NOW)
        except (EventsError, TrackerError):
            assert faulty
            return
        self.model += [lines.to_fact(line, today=TODAY) for line in made]

    @precondition(lambda self: self.told)
    @rule(which=bits, day=days, stale=st.booleans())
    def forecast(self, which: int, day: date, *, stale: bool) -> None:
        """Issue a forecast, or be overtaken where another was issued since it was read."""
        slug = self.told[which % len(self.told)].programme
        said = [one for one in self.model if isinstance(one, ForecastIssued)]
        own = [one for one in said if one.programme == slug]
        issued = ForecastIssued(
            programme=slug,
            as_of=day,
            cutoff=len(self.model),
            model="model",
            fitted="",
            status="open",
            start=tuple(range(120)),
            never=999_881,
            volume=(),
        )
        after = {slug: len(own) - 1 if stale else len(own)}
        if stale and own:
            with pytest.raises(Overtaken):
                self.ledger.issue([issued], after=after, now=NOW)
        else:
            self.ledger.issue([issued], after={slug: len(own)}, now=NOW)
            self.model.append(issued)

    @rule(slug=slugs)
    def follow(self, slug: str) -> None:
        """Follow a programme or follow it no longer."""
        change = self.place.unfollow if slug in self.place.followed() else self.place.follow
        change([slug])

    @rule()
    def catch_up(self) -> None:
        """Publish what is new."""
        timeline.catch_up(self.place, self.ledger)

    @rule()
    def rebuild(self) -> None:
        """Make the timeline anew."""
        timeline.rebuild(self.place)

    @rule()
    def reopen(self) -> None:
        """Close the ledger and open it."""
        self.ledger.close()
        self.ledger = Ledger.at(self.place.root / "ledger.sqlite")

    @precondition(lambda self: self.place.timeline_path.exists())
    @rule(kept=st.integers(0, 100))
    def spoil(self, kept: int) -> None:
        """Delete the DuckDB file, or cut it off."""
        file = self.place.timeline_path
        if kept == 0:
            file.unlink()
        else:
            file.write_bytes(file.read_bytes()[: file.stat().st_size * kept // 101])

    @rule(day=days)
    def as_of(self, day: date) -> None:
        """Ask the timeline what counted on a day; it is what counted on it."""
        asked = (
            "SELECT id, type, summary FROM timeline_as_of(?) AS t ORDER BY t.known_on, position"
        )
        with timeline.connect(self.place, self.ledger) as connection:
            shown = connection.execute(asked, [day]).fetchall()
            listed = connection.execute(
                "SELECT programme, events FROM programmes_as_of(?) ORDER BY 1", [day]
            ).fetchall()

        counted = effective(self.told, as_of=day)
        assert shown == [(fact.id, fact.type, fact.summary) for fact in counted]
        assert listed == _programmes(counted)

    @invariant()
    def the_ledger_is_the_list(self) -> None:
        """Every entry once, in order, without a gap, under a whole chain."""
        entries = [*self.ledger.entries(), *self.ledger.issued()]
        entries.sort(key=lambda entry: entry.position)
        assert [entry.content for entry in entries] == self.model
        assert [entry.position for entry in entries] == list(range(1, len(self.model) + 1))
        head, fault = self.ledger.verified()
        assert (head.count, fault) == (len(self.model), None)

    @invariant()
    def a_published_timeline_is_a_stretch_of_the_list(self) -> None:
        """What any client sees is the list up to some entry, never a part of one."""
        try:
            with duckdb.connect(self.place.timeline_path, read_only=True) as connection:
                asked = "SELECT position FROM {} ORDER BY 1"
                shown = [
                    position
                    for table in ("recorded", "forecasts")
                    for (position,) in connection.execute(asked.format(table)).fetchall()
                ]
        except duckdb.Error:
            return  # it is not there, or was spoilt, and is made anew when it is asked for
        assert sorted(shown) == list(range(1, len(shown) + 1))


def _programmes(counted: Sequence[Fact]) -> list[tuple[str, int]]:
    """The open programmes of a day, and how many events of each count."""
    opened = {fact.programme for fact in counted if isinstance(fact, facts.ProgrammeOpened)}
    return [(slug, sum(fact.programme == slug for fact in counted)) for slug in sorted(opened)]


def machine(examples: int, steps: int) -> Any:  # noqa: ANN401 - a test case that hypothesis makes
    """The same machine as a test of some size."""
    case: Any = cast("Any", type("Case", (LedgerAndTimeline,), {})).TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        suppress_health_check=[HealthCheck.too_slow],
    )
    return case


TestAFewSteps = machine(2, 12)
TestManySteps = pytest.mark.slow(machine(12, 40))


def test_the_model_would_notice_what_is_left_out() -> None:
    told = LedgerAndTimeline()
    told.open_("car-at-x", FIRST)
    told.record("car-at-x", "noted", FIRST)
    told.model.pop()

    with pytest.raises(AssertionError):
        told.the_ledger_is_the_list()
    told.teardown()
