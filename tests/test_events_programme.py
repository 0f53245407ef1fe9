from collections.abc import Callable, Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import decisions, facts, journal, lines
from events.corrections import effective
from events.errors import EventsError
from events.facts import Fact
from events.programme import Stage, evolve, replay

TODAY = date(2027, 1, 1)


def tell(text: str) -> list[Fact]:
    """A story: CSV rows under known_on, type, occurred and further columns."""
    header, *rows = [line.strip() for line in text.strip().splitlines()]
    sheet = "\n".join([f"programme,{header}", *(f"plant,{row}" for row in rows if row)])
    stated, faults = journal.read(sheet.encode(), "story", today=TODAY)
    assert not faults
    return [line.fact for line in stated]


def stage(text: str, *, as_of: date | None = None) -> Stage:
    return replay("plant", effective(tell(text), as_of=as_of)).stage


OPENED = """
    known_on,type,occurred,title,expected_start
    2024-01-01,programme-opened,2024-01-01,A plant,
"""


def test_a_stage_never_falls_back() -> None:
    story = (
        OPENED
        + """
    2024-02-01,construction-started,2024-02,,
    2024-03-01,production-announced,2024-03,,2026
    """
    )

    assert stage(story) is Stage.UNDER_CONSTRUCTION


def test_a_step_on_a_paused_programme_resumes_it() -> None:
    story = (
        OPENED
        + """
    2024-02-01,production-paused,2024-02-01,,
    2024-03-01,permit-granted,2024-03-01,,
    """
    )

    assert stage(story) is Stage.PERMITTED


def test_late_news_of_a_step_before_the_pause_does_not_resume_it() -> None:
    story = (
        OPENED
        + """
    2024-02-01,production-paused,2024-02-01,,
    2024-03-01,permit-granted,2024-01-15,,
    """
    )

    assert stage(story) is Stage.PAUSED


def test_a_stop_is_ended_by_a_new_start_only() -> None:
    story = (
        OPENED
        + """
    2024-02-01,production-started,2024-02-01,,
    2024-03-01,production-stopped,2024-03-01,,
    2024-04-01,construction-started,2024-04-01,,
    """
    )

    assert stage(story) is Stage.STOPPED


def test_evidence_fills_a_gap_but_displaces_no_announced_window() -> None:
    hearsay = tell(OPENED + "2024-02-01,evidence-for,2024-02,,2025")
    announced = tell(
        OPENED
        + """
        2024-02-01,production-announced,2024-02,,2026
        2024-03-01,evidence-for,2024-03,,2025
        """
    )

    assert replay("plant", hearsay).window == "2025"
    assert replay("plant", announced).window == "2026"


def test_a_lifecycle_event_on_a_context_programme_is_context() -> None:
    story = tell("""
    known_on,type,occurred,title,kind
    2024-01-01,programme-opened,2024-01-01,A law,context
    2024-02-01,production-started,2024-02-01,,
    """)

    assert replay("plant", story).started is None


RETRACTED = """
    known_on,type,occurred,title,expected_start,id,retracts
    2024-01-01,programme-opened,2024-01-01,A plant,,,
    2024-02-01,construction-started,2024-02,,,00000000-0000-0000-0000-000000000001,
    2024-03-01,event-retracted,2024-03-01,,,00000000-0000-0000-0000-000000000002,00000000-0000-0000-0000-000000000001
"""


def test_a_retracted_event_counts_before_its_retraction_was_known() -> None:
    assert stage(RETRACTED, as_of=date(2024, 2, 29)) is Stage.UNDER_CONSTRUCTION
    assert stage(RETRACTED, as_of=date(2024, 3, 1)) is Stage.CONSIDERED


def test_a_retracted_retraction_takes_nothing_back() -> None:
    again = RETRACTED + (
        "2024-04-01,event-retracted,2024-04-01,,,00000000-0000-0000-0000-000000000003,"
        "00000000-0000-0000-0000-000000000002"
    )

    assert stage(again) is Stage.UNDER_CONSTRUCTION


AMENDED = """
    known_on,type,occurred,title,expected_start,id,amends
    2024-01-01,programme-opened,2024-01-01,A plant,,,
    2024-02-01,production-announced,2024-02,,2025,00000000-0000-0000-0000-000000000001,
    2024-03-01,event-amended,2024-02,,2026,00000000-0000-0000-0000-000000000002,00000000-0000-0000-0000-000000000001
"""


def test_an_amended_event_counts_as_corrected_from_the_correction_on() -> None:
    story = tell(AMENDED)

    before = replay("plant", effective(story, as_of=date(2024, 2, 29)))
    after = replay("plant", effective(story, as_of=date(2024, 3, 1)))

    assert (before.window, after.window) == ("2025", "2026")
    assert effective(story)[-1].id.endswith("1")


def test_an_amended_amendment_amends_the_first_event() -> None:
    again = tell(
        AMENDED + "2024-04-01,event-amended,2024-02,,2027,00000000-0000-0000-0000-000000000003,"
        "00000000-0000-0000-0000-000000000002"
    )

    assert [fact.type for fact in effective(again)] == [
        "programme-opened",
        "production-announced",
    ]
    assert replay("plant", effective(again)).window == "2027"


REFUSALS = [
    ("production-resumed", {}, "it cannot resume"),
    ("production-stopped", {}, "what never started is cancelled"),
    ("production-started", {"occurred": "2023"}, "before it was opened"),
    ("production-started", {"occurred": "2028", "known_on": "2024-05-01"}, "had not happened"),
    ("programme-opened", {"title": "Again"}, "was opened on"),
    ("noted", {"known_on": "2027-02-01"}, "is after today"),
    ("volume-reported", {"period": "2025", "volume": 1}, "had not begun"),
    ("volume-reported", {"period": "2024/..", "volume": 1}, "has no end"),
    ("volume-reported", {"period": "2024", "volume": 1}, "2024 was not over on 2024-06-01"),
    ("volume-reported", {"period": "2024-05/2024-07", "volume": 1}, "such as 2024-01/2024-06"),
    ("volume-reported", {"period": "2024-07", "volume": 1}, "had not begun"),
    ("rival-site-selected", {"rival": "plant"}, "no rival of its own"),
    ("event-retracted", {"retracts": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}, "has no event"),
]


@pytest.mark.parametrize(("type", "more", "sentence"), REFUSALS)
def test_what_makes_no_sense_is_refused(
    type: str, more: dict[str, object], sentence: str
) -> None:
    history = tell(OPENED)
    line = {"programme": "plant", "type": type, "occurred": "2024-05", "known_on": "2024-06-01"}

    fact = lines.to_fact({**line, **more}, today=TODAY)

    with pytest.raises(EventsError, match=sentence):
        decisions.record("plant", history, fact, today=TODAY)


@pytest.mark.parametrize("period", ["2024-06", "2024-Q2", "2024-H1", "2024-01/2024-06"])
def test_a_period_may_be_reported_in_the_last_of_its_months(period: str) -> None:
    line = {"programme": "plant", "type": "volume-reported", "occurred": "2024-06"}
    told = line | {"known_on": "2024-06-28", "period": period, "volume": 1}

    fact = lines.to_fact(told, today=TODAY)

    assert decisions.record("plant", tell(OPENED), fact, today=TODAY) == fact


def test_a_programme_starts_once() -> None:
    history = tell(OPENED + "2024-02-01,production-started,2024-02-01,,")
    second = lines.to_fact(
        {"programme": "plant", "type": "production-started", "occurred": "2024-03"},
        today=TODAY,
    )

    with pytest.raises(EventsError, match="plant has started already"):
        decisions.record("plant", history, second, today=TODAY)


def test_nothing_is_recorded_about_a_programme_that_is_not_open() -> None:
    fact = lines.to_fact(
        {"programme": "plant", "type": "noted", "occurred": "2024"}, today=TODAY
    )

    with pytest.raises(EventsError, match=r"tracker open plant"):
        decisions.record("plant", [], fact, today=TODAY)


def test_an_opening_with_events_behind_it_is_not_retracted() -> None:
    history = tell(OPENED + "2024-02-01,noted,2024-02-01,,")
    line = {"programme": "plant", "type": "event-retracted", "occurred": "2024-06"}

    fact = lines.to_fact({**line, "retracts": history[0].id}, today=TODAY)

    with pytest.raises(EventsError, match=r"has 1 event after its opening. Retract it first"):
        decisions.record("plant", history, fact, today=TODAY)


TYPES = [name for name in facts.TYPES if not name.startswith(("event-", "programme-"))]
days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def wishes(draw: st.DrawFn) -> list[Fact]:
    """Facts of any type, wished for in any order."""
    opening = tell(OPENED)
    wished = []
    for number, type in enumerate(draw(st.lists(st.sampled_from(TYPES), max_size=12))):
        day = draw(days).isoformat()
        line = {"programme": "plant", "type": type, "occurred": day, "known_on": day}
        if type == "volume-reported":
            line |= {"period": day[:7], "volume": str(number)}
            line["volume"] = number  # type: ignore[assignment] # a number among words
        wished.append(lines.to_fact({**line, "summary": f"wish {number}"}, today=TODAY))
    return opening + wished


def decided(wished: Sequence[Fact], say: Callable[[str], None]) -> list[Fact]:
    """What a keyboard would let pass, one wish after the other."""
    history: list[Fact] = [wished[0]]
    for fact in wished[1:]:
        try:
            history.append(decisions.record("plant", history, fact, today=TODAY))
        except EventsError as refusal:
            say(str(refusal))
    return history


@given(wishes())
def test_any_sequence_of_decisions_replays_to_the_same_state(wished: list[Fact]) -> None:
    history = decided(wished, lambda _: None)

    once = replay("plant", effective(history))
    state = replay("plant", [])
    for fact in effective(history):
        state = evolve(state, fact)

    assert state == once == replay("plant", effective(list(effective(history))))


@given(wishes())
def test_a_refusal_is_a_sentence(wished: list[Fact]) -> None:
    said: list[str] = []

    decided(wished, said.append)

    assert all(sentence[0].isalnum() and sentence.endswith((".", "...")) for sentence in said)


@given(wishes(), days)
def test_what_is_known_later_changes_nothing_before(wished: list[Fact], as_of: date) -> None:
    known = [fact for fact in wished if fact.known_on <= as_of]

    assert effective(wished, as_of=as_of) == effective(known)
