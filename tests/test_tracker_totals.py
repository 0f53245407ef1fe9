from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal


def opening(slug: str, unit: str, capacity: int) -> str:
    told = {"programme": slug, "occurred": "2024-01", "known_on": "2024-01-31"}
    lines = [
        told | {"type": "programme-opened", "title": slug, "unit": unit},
        told
        | {
            "type": "production-announced",
            "expected_start": "2025",
            "capacity_per_year": capacity,
        },
    ]
    return "\n".join(map(json.dumps, lines))


@pytest.fixture
def two(empty: Terminal) -> Terminal:
    """A workspace with two car plants and a battery plant, all announced."""
    journal = "\n".join(
        [
            opening("car-a", "vehicles", 100_000),
            opening("car-b", "vehicles", 200_000),
            opening("cells", "GWh", 40),
        ]
    )
    empty.well("import", "-", "--no-forecast", given=journal)
    return empty


def total(two: Terminal, *words: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = two.well(
        "total", *words, "--as-of", "2024-06-30", "--format", "json"
    ).rows
    return rows


def test_units_are_never_added_to_one_another(two: Terminal) -> None:
    rows = total(two)

    counts = {(row["unit"], row["programmes"]) for row in rows}
    assert counts == {("vehicles", 2), ("GWh", 1)}
    assert [row["year"] for row in rows if row["unit"] == "GWh"] == [*range(2024, 2029)]


def test_means_add_up_and_tenths_do_not(two: Terminal) -> None:
    wanted = ["car-a"], ["car-b"], ["car-a", "car-b"]
    a, b, both = (total(two, *slugs)[-1] for slugs in wanted)

    assert both["mean"] == pytest.approx(a["mean"] + b["mean"], rel=0.01)
    assert both["p90"] < a["p90"] + b["p90"]
    assert both["zero"] < min(a["zero"], b["zero"])


def test_the_chance_of_reaching_a_level_is_told(two: Terminal) -> None:
    low, high = (
        total(two, "car-a", "car-b", "--at-least", level)[-1]["at_least"]
        for level in ("1", "150000")
    )

    assert 0 < high < low < 1


def test_what_becomes_known_later_adds_nothing(two: Terminal) -> None:
    before = total(two)
    late = {"programme": "car-a", "type": "production-started", "known_on": "2025-03-31"}
    two.well("import", "-", "--no-forecast", given=json.dumps(late | {"occurred": "2025-03"}))

    assert total(two) == before


def test_where_there_is_nothing_to_add_up_it_is_said(two: Terminal) -> None:
    two.well("unfollow", "car-a", "car-b", "cells")

    said = two("total", "--as-of", "2024-06-30")

    assert (said.code, said.out) == (0, "")
    assert "No programme is followed. Open one" in said.err
