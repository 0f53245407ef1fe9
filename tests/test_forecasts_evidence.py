from __future__ import annotations

from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import facts
from forecasts import evidence, history, rivals
from forecasts.distribution import StartDistribution
from forecasts.errors import ForecastError

if TYPE_CHECKING:
    from events.facts import Fact

DAY = date(2024, 6, 30)


def line(number: int, topic: str, slug: str = "x", **rest: object) -> Fact:
    told = {
        "id": f"00000000-0000-0000-0000-{number:012d}",
        "programme": slug,
        "occurred": "2024-01-31",
        "known_on": "2024-01-31",
        "type": topic,
    }
    return cast("Fact", msgspec.convert(told | rest, type=facts.Fact))


def said(number: int, grade: str, root: str | None = None) -> Fact:
    source = {"url": f"https://example.org/{number}", "grade": grade, "root": root}
    return line(number, "evidence-against", source=source)


def opened(slug: str = "x", **rest: object) -> Fact:
    return line(0, "programme-opened", slug, title="A plant", **rest)


def moved(*told: Fact, **others: list[Fact]) -> tuple[float, float]:
    programmes = {"x": list(told), **others}
    seen = history.snapshot(programmes["x"], DAY)
    assert seen is not None
    row = evidence.shifts(programmes, [seen])[0]
    return float(row[0]), float(row[1])


def test_nothing_said_moves_nothing() -> None:
    assert moved(opened()) == (0.0, 0.0)


def test_a_doubt_puts_the_start_off_and_the_end_nearer() -> None:
    start, cancel = moved(opened(), said(1, "A1"))

    assert start > 0.0 > cancel


def test_a_poor_source_weighs_less_than_a_good_one() -> None:
    assert moved(opened(), said(1, "D4"))[0] < moved(opened(), said(1, "B2"))[0]


def test_eight_outlets_that_cite_one_report_are_one_source() -> None:
    echoes = [said(number, "B2", root="https://example.org/root") for number in range(1, 9)]

    assert moved(opened(), *echoes) == moved(opened(), echoes[0])


def test_the_same_thing_said_again_adds_less_each_time() -> None:
    once, twice, often = (
        moved(opened(), *(said(number, "B2") for number in range(1, 1 + many)))[0]
        for many in (1, 2, 50)
    )

    assert once < twice < 2 * once
    assert often <= 2 * once + 1e-9


def test_two_rivals_chosen_are_two_things_said() -> None:
    source = {"url": "https://example.org/1", "grade": "B2"}
    first, again, second = (
        line(number, "rival-site-selected", rival=rival, source=source)
        for number, rival in enumerate(("y", "y", "z"), start=1)
    )

    assert moved(opened(), first, again) == moved(opened(), first)
    assert moved(opened(), first, second)[0] == pytest.approx(2 * moved(opened(), first)[0])


def test_what_is_said_of_a_followed_context_weighs_half() -> None:
    context = opened("duties", kind="context")
    duty = line(1, "tariff-imposed", "duties", source={"grade": "A1"})

    near = moved(opened(follows=["duties"]), duties=[context, duty])[0]

    assert near == pytest.approx(evidence.TABLE["tariff-imposed"].start / 2)


def test_a_workspace_may_judge_for_itself() -> None:
    told = [opened(), said(1, "A1")]
    seen = history.snapshot(told, DAY)
    assert seen is not None
    own = evidence.Effect(start=1.5, cancel=0.0, reason="We know them.")

    row = evidence.shifts({"x": told}, [seen], MappingProxyType({"evidence-against": own}))

    assert row.tolist() == [[1.5, 0.0]]


def test_every_effect_has_a_sentence_of_reason_and_pulls_one_way() -> None:
    for effect in evidence.TABLE.values():
        assert effect.reason.endswith(".")
        assert effect.start * effect.cancel <= 0.0


CHANCES = st.lists(st.floats(0.0, 0.99), min_size=1, max_size=8).map(np.array)


@given(CHANCES)
def test_competing_makes_nobody_likelier(alone: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    after = rivals.shared(alone)

    assert (after <= alone + 1e-9).all()
    assert (after >= 0.0).all()


def test_alone_there_is_nobody_to_lose_to() -> None:
    assert rivals.shared(np.array([0.3])) == pytest.approx([0.3])


def test_of_many_good_candidates_about_one_wins() -> None:
    assert rivals.shared(np.full(6, 0.5)).sum() < 2.0


@given(CHANCES)
def test_a_rival_that_produces_lowers_all_others(
    alone: np.ndarray[Any, np.dtype[np.float64]],
) -> None:
    open_race = rivals.shared(np.append(alone, 0.3))[:-1]
    decided = rivals.shared(np.append(alone, 1.0))[:-1]

    assert (decided <= open_race + 1e-9).all()


def test_rivalry_is_mutual_and_begins_with_the_openings() -> None:
    known = {
        "a": [opened("a", rivals=["b", "c"])],
        "b": [opened("b")],
        "c": [opened("c", known_on="2025-01-31")],
    }

    linked = rivals.links(known, as_of=DAY)

    assert linked == {"a": {"b"}, "b": {"a"}}
    assert rivals.circle(["b"], linked) == ["b", "a"]
    assert rivals.groups(["a", "b"], linked) == [["a", "b"]]


def test_rivals_of_rivals_are_one_group_in_the_order_given() -> None:
    linked = {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}, "x": {"y"}, "y": {"x"}, "z": {"gone"}}

    found = rivals.groups(["c", "z", "y", "a", "alone", "x"], linked)

    assert found == [["c", "a"], ["y", "x"]]


def test_a_lower_chance_keeps_the_shape_of_the_curve() -> None:
    told = {slug: StartDistribution.rounded(DAY, np.linspace(0.0, 0.6, 120)) for slug in "ab"}

    fair = rivals.coherent(told, [["a", "b"]])

    assert fair["a"].cumulative[-1] < told["a"].cumulative[-1]
    assert fair["a"].median_if_it_starts == told["a"].median_if_it_starts


def test_an_override_changes_what_it_names_and_no_more() -> None:
    table = evidence.overridden({"production-denied": {"start": 1.0}})

    assert table["production-denied"].start == 1.0
    assert table["production-denied"].cancel == evidence.TABLE["production-denied"].cancel
    assert table["site-favoured"] == evidence.TABLE["site-favoured"]


@pytest.mark.parametrize(
    "own",
    [
        {"production-started": {"start": 1.0}},
        {"site-favoured": {"start": "much"}},
        {"site-favoured": {"start": float("nan")}},
        {"site-favoured": {"begin": 1.0}},
    ],
)
def test_an_override_that_makes_no_sense_is_refused_by_name(
    own: dict[str, dict[str, float | str]],
) -> None:
    with pytest.raises(ForecastError, match=f"evidence.{next(iter(own))}: "):
        evidence.overridden(own)
