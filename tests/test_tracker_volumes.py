from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Said, Terminal

    Lines = list[dict[str, object]]

X = "car-at-x"
OPENED: Lines = [
    {"type": "programme-opened", "occurred": "2022", "known_on": "2022-01-31", "title": "X"},
    {
        "type": "capacity-announced",
        "occurred": "2022-02",
        "known_on": "2022-02-28",
        "capacity_per_year": 60_000,
    },
    {"type": "production-started", "occurred": "2024-01", "known_on": "2024-01-31"},
]


def journal(lines: Lines) -> str:
    return "\n".join(json.dumps({"programme": X, **line}) for line in lines)


@pytest.fixture
def plant(empty: Terminal) -> Terminal:
    """A workspace with a plant that started in January 2024."""
    empty.well("import", "-", "--no-forecast", given=journal(OPENED))
    return empty


def report(plant: Terminal, period: str, volume: str, *more: str) -> Said:
    words = ("record", X, "volume-reported", "--when", period, "--period", period)
    return plant(*words, "--volume", volume, "--no-forecast", *more)


def months(plant: Terminal) -> dict[str, float]:
    sql = (
        f"SELECT strftime(month, '%Y-%m') AS month, volume FROM volumes WHERE programme = '{X}'"  # noqa: S608 -- ours
    )
    return {
        row["month"]: row["volume"] for row in plant.well("sql", sql, "--format", "json").rows
    }


def test_a_report_for_a_period_before_the_start_is_counted_and_said_to_be(
    plant: Terminal,
) -> None:
    said = report(plant, "2023-11", "40")

    assert "2023-11 lies before the start (2024-01)" in said.err
    assert months(plant) == {"2023-11": 40}


def test_a_volume_of_zero_is_a_volume(plant: Terminal) -> None:
    assert report(plant, "2024-02", "0").code == 0
    assert months(plant) == {"2024-02": 0}


@pytest.mark.parametrize(
    ("volume", "more", "sentence"),
    [
        ("9000000", (), "is 1,767 times the pace of the stated 60,000 vehicles a year"),
        ("2.5", (), "2.5 is no number of vehicles"),
        ("900", ("--measure", "GWh"), '"GWh" is no measure'),
    ],
)
def test_a_unit_that_does_not_match_is_refused(
    plant: Terminal, volume: str, more: tuple[str, ...], sentence: str
) -> None:
    said = report(plant, "2024-03", volume, *more)

    assert said.code in {4, 5}
    assert sentence in " ".join(said.err.split())
    assert months(plant) == {}


def test_the_same_report_from_another_source_is_counted_once(plant: Terminal) -> None:
    report(plant, "2024-04", "2000", "--source", "https://a.example/1")
    said = report(plant, "2024-04", "2000", "--source", "https://b.example/2")

    assert "says the same: it is counted once" in said.err
    assert months(plant) == {"2024-04": 2000}
    assert "disagree" not in plant.well("timeline", X).out


def test_reports_that_disagree_are_told_in_the_timeline_of_their_day(
    plant: Terminal,
) -> None:
    words = ("--source", "https://a.example/1", "--known-on")
    report(plant, "2024-04", "2000", *words, "2024-05-02")
    said = report(plant, "2024-04", "3000", *words, "2024-06-02")

    assert "says 2,000: one of them is counted" in said.err
    assert "Reports that disagree" in plant.well("timeline", X).out
    assert "disagree" not in plant.well("timeline", X, "--as-of", "2024-05-31").out
    rows = plant.well("sql", "FROM volume_disagreements", "--format", "json").rows
    assert [row["volumes"] for row in rows] == [[2000, 3000]]


def monthly(first: int, count: int, gaps: frozenset[int] = frozenset()) -> str:
    return journal(
        [
            {
                "type": "volume-reported",
                "occurred": f"{first + place // 12}-{place % 12 + 1:02}",
                "period": f"{first + place // 12}-{place % 12 + 1:02}",
                "known_on": f"{first + (place + 1) // 12}-{(place + 1) % 12 + 1:02}-02",
                "volume": 3000 + place % 12,
            }
            for place in range(count)
            if place not in gaps
        ]
    )


def test_a_series_with_a_gap_is_forecast(plant: Terminal) -> None:
    plant.well("import", "-", "--no-forecast", given=monthly(2024, 20, frozenset({7, 8})))

    (made,) = plant.well("forecast", X, "--format", "json").rows

    assert len(months(plant)) == 18
    low, middle, high = made["volume"][1]["quantiles"].values()
    assert low < middle < high
    assert 25_000 < middle < 45_000


@pytest.mark.slow
def test_forty_years_of_months_are_forecast(empty: Terminal) -> None:
    old: Lines = [{**line, "occurred": "1985", "known_on": "1985-01-31"} for line in OPENED]
    empty.well("import", "-", "--no-forecast", given=journal(old))
    empty.well("import", "-", "--no-forecast", given=monthly(1985, 480))

    (made,) = empty.well("forecast", X, "--format", "json").rows

    assert len(months(empty)) == 480
    low, middle, high = made["volume"][1]["quantiles"].values()
    assert low < middle < high
    assert 25_000 < middle < 45_000


@pytest.mark.slow
def test_the_months_of_a_market_are_named_by_the_last_that_is_known(empty: Terminal) -> None:
    context = {"type": "programme-opened", "kind": "context", "title": "X"}
    lines: Lines = [{**context, "occurred": "2022", "known_on": "2022-01-31"}]
    for month in range(36):
        period = f"{2022 + month // 12}-{month % 12 + 1:02}"
        told = {"type": "volume-reported", "occurred": period, "known_on": "2025-01-31"}
        lines.append({**told, "period": period, "volume": 1000 + month % 12})
    empty.well("import", "-", "--no-forecast", given=journal(lines))

    said = empty.well("show", X).out.splitlines()

    place = said.index("The 12 months after December 2024, the last that is known")
    assert said[place + 2].startswith("  January 2025 ")
    assert said[place + 13].startswith("  December 2025 ")
    assert len({line.index("/") for line in said[place + 1 : place + 14]}) == 1
