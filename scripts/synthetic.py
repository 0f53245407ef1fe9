"""Synthetic journals of any size, for measuring: the same seed gives the same bytes."""

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta

FIRST = date(2000, 1, 1)
WAY = (
    "production-announced",
    "site-selected",
    "construction-started",
    "start-revised",
    "trial-production-started",
    "production-started",
)
A_PROGRAMME = 100
"""Events of each programme: its opening, its way, then monthly reports."""
UNTIDY = 20
"""One programme in so many reports half-years as well, to be reconciled with its months."""


def journal(events: int, seed: int = 0) -> Iterator[str]:
    """Lines of a journal: `events` of them, 100 a programme."""
    chance = random.Random(seed)  # noqa: S311 - the same numbers again, no secrets
    start = FIRST
    for number in range(events):
        programme, nth = divmod(number, A_PROGRAMME)
        if nth == 0:
            start = FIRST + timedelta(days=chance.randrange(3_000))
        untidy = programme % UNTIDY == UNTIDY - 1
        line = {"programme": f"plant-{programme}", **_event(nth, start, chance, untidy=untidy)}
        yield json.dumps(line) + "\n"


def _event(nth: int, start: date, chance: random.Random, *, untidy: bool) -> dict[str, object]:
    """The nth event of a programme that was opened on a day, a month after the one before."""
    year, month = divmod(start.year * 12 + start.month - 1 + nth, 12)
    day = date(year, month + 1, start.day % 28 + 1)
    common = {"occurred": day.isoformat(), "known_on": day.isoformat()}
    source = {"url": f"https://example.org/{day}", "publisher": "Example", "grade": "B2"}
    if nth == 0:
        return {"type": "programme-opened", **common, "title": "A plant", "kind": "production"}
    if nth <= len(WAY):
        window = f"[{day.year + 1},{day.year + 2}]"
        return {
            "type": WAY[nth - 1],
            **common,
            "summary": "A step on the way.",
            "expected_start": window,
            "capacity_per_year": 1_000 * chance.randrange(50, 300),
            "source": source,
        }
    half = untidy and day.month in {1, 7}
    return {
        "type": "volume-reported",
        **common,
        "summary": "A half-year's output." if half else "A month's output.",
        "period": _half(day) if half else f"{day.year}-{day.month:02}",
        "volume": (3 if half else 1) * chance.randrange(1_000, 20_000),
        "measure": "production",
        "source": source,
    }


def _half(day: date) -> str:
    """The half-year that had ended before a day of January or July."""
    return f"{day.year - 1}-H2" if day.month == 1 else f"{day.year}-H1"


def books(entries: int, seed: int = 0) -> Iterator[str]:
    """A beancount journal of so many transactions, a plant's output each."""
    chance = random.Random(seed)  # noqa: S311 - as above
    plants = range(-(-entries // A_PROGRAMME))
    yield 'option "operating_currency" "CAR"\n'
    yield f"{FIRST} open Income:Market\n"
    yield from (f"{FIRST} open Assets:Plant-{plant}\n" for plant in plants)
    for number in range(entries):
        plant, nth = divmod(number, A_PROGRAMME)
        made = chance.randrange(1_000, 20_000)
        yield f'{FIRST + timedelta(days=30 * nth)} * "Example" "A month\'s output."\n'
        yield f"  Assets:Plant-{plant}  {made} CAR\n  Income:Market\n"
