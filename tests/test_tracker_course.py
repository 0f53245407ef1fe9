from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.test_tracker_living import P
from tracker import estimator, explaining, workspace
from tracker.account import by_day
from tracker.course import course

if TYPE_CHECKING:
    from tests.conftest import Terminal

LAST = date(2024, 3, 31)


@pytest.fixture
def knowledge(founding: Terminal) -> estimator.Knowledge:
    place = workspace.at(founding.folder)
    with place.ledger() as ledger:
        return estimator.Knowledge.of(ledger, place)


@pytest.mark.slow
def test_a_course_tells_every_day_as_why_does(knowledge: estimator.Knowledge) -> None:
    whole = course(knowledge, P, LAST)
    again = course(knowledge, P, LAST)  # from the cache

    for day in (date(2024, 2, 2), date(2024, 2, 25), date(2024, 3, 25), LAST):
        told = explaining.why(knowledge, P, since=date.min, until=day)
        assert whole.move(day) == again.move(day) == told


@pytest.mark.slow
def test_a_course_goes_on_from_an_earlier_one(knowledge: estimator.Knowledge) -> None:
    late = {fact.id for fact in knowledge.histories[P] if fact.known_on > date(2024, 2, 19)}
    places = [place for id, place in knowledge.positions.items() if id in late]
    earlier = course(knowledge.until(min(places) - 1), P, LAST)

    gone_on = course(knowledge, P, LAST, earlier=earlier)

    assert len(earlier.steps) < len(gone_on.steps)
    assert gone_on.move(LAST) == course(knowledge, P, LAST).move(LAST)


@pytest.mark.slow
def test_what_is_kept_of_a_day_is_told_to_nobody_who_sees_less(
    knowledge: estimator.Knowledge,
) -> None:
    early, whole = date(2024, 2, 19), knowledge.known(LAST)
    before = knowledge.positions[whole[P][-1].id] - 1

    seen, behind = by_day(knowledge, early), knowledge.until(before)

    assert len(seen.known(LAST)[P]) < len(whole[P])
    assert seen.until(before).known(LAST) == by_day(behind, early).known(LAST)
    assert behind.known(LAST) != whole
    assert knowledge.known(LAST) is whole
