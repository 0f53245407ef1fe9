"""What an announcement promises, believed to the letter."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events import lines
from forecasts.announced import at_face_value, promised_volumes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from events.facts import Fact

CAPACITY = 120_000
LAST_DAYS = [date(2026, 6, 1), date(2026, 6, 15), date(2026, 6, 29), date(2026, 6, 30)]


def told(*given: Mapping[str, object]) -> list[Fact]:
    opened = {"type": "programme-opened", "known_on": "2025-01-01", "title": "Car at X"}
    return [
        lines.to_fact(
            {"programme": "car-at-x", "occurred": line["known_on"], **line}, today=date.max
        )
        for line in (opened, *given)
    ]


def announced(start: str) -> dict[str, object]:
    return {
        "type": "production-announced",
        "known_on": "2025-01-01",
        "expected_start": start,
        "capacity_per_year": CAPACITY,
    }


STARTED = {"type": "production-started", "known_on": "2026-03-10"}


@pytest.mark.parametrize("as_of", LAST_DAYS)
def test_a_month_that_is_announced_is_believed_on_any_day(as_of: date) -> None:
    believed = at_face_value(told(announced("2027-01")), as_of)

    chances = dict(zip(believed.dates, believed.probabilities, strict=True))
    assert chances[date(2026, 12, 31)] == 0.0
    assert chances[date(2027, 1, 31)] == 1.0


@pytest.mark.parametrize("as_of", LAST_DAYS)
def test_a_start_in_january_promises_nothing_for_the_year_before(as_of: date) -> None:
    promised = promised_volumes(told(announced("2027-01")), as_of)

    assert promised == {2026: 0, 2027: CAPACITY, 2028: CAPACITY, 2029: CAPACITY, 2030: CAPACITY}


@pytest.mark.parametrize("as_of", LAST_DAYS)
def test_a_start_in_october_promises_a_quarter_of_the_year(as_of: date) -> None:
    promised = promised_volumes(told(announced("2026-10")), as_of)

    assert promised[2026] == CAPACITY // 4


@pytest.mark.parametrize("as_of", LAST_DAYS)
def test_what_has_started_is_promised_from_its_start_on(as_of: date) -> None:
    promised = promised_volumes(told(announced("2026-05"), STARTED), as_of)

    assert promised[2026] == CAPACITY * 10 // 12
    assert promised[2027] == CAPACITY


def test_what_was_given_up_promises_nothing() -> None:
    over = {"type": "production-cancelled", "known_on": "2026-04-01"}

    promised = promised_volumes(told(announced("2026-10"), over), LAST_DAYS[-1])

    assert set(promised.values()) == {0}
