from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal

P = "leapmotor-mirafiori"
TODAY = "2026-11-22"
NOW = ("--when", TODAY)
BETWEEN = """
    WITH moved AS (
        SELECT programme, forecast, any_value(since) AS since, any_value(by_date) AS by_date,
               any_value(year) AS year, sum(delta) AS delta, sum(volume_delta) AS units
        FROM forecast_moves GROUP BY ALL)
    SELECT round((after.probability - before.probability - delta) * 1e6)::INTEGER AS chance,
           now.q50 - was.q50 - units AS units
    FROM moved
    JOIN forecasts AS one ON one.programme = moved.programme AND one.as_of = since
    JOIN start_probabilities AS after
        ON after.forecast = moved.forecast AND after.date = by_date
    JOIN start_probabilities AS before
        ON before.forecast = one.position AND before.date = by_date
    JOIN volume_quantiles AS now ON now.forecast = moved.forecast AND now.year = moved.year
    JOIN volume_quantiles AS was ON was.forecast = one.position AND was.year = moved.year
"""


def sql(terminal: Terminal, query: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = terminal.well("sql", query, "--format", "json").rows
    return rows


def parts(terminal: Terminal) -> list[dict[str, Any]]:
    """Of its forecast that was issued last."""
    last = f"(SELECT max(position) FROM forecasts WHERE programme = '{P}')"  # noqa: S608 -- ours
    return sql(terminal, f"FROM forecast_moves WHERE forecast = {last}")


@pytest.mark.slow
def test_the_parts_of_every_issued_forecast_add_up_to_its_move(founding: Terminal) -> None:
    founding.well("forecast", P, "leapmotor-zaragoza", "--every", "month")

    rows = sql(founding, BETWEEN)
    assert len(rows) > 20
    assert {(row["chance"], row["units"]) for row in rows} == {(0, 0)}


def test_a_first_forecast_has_not_moved(founding: Terminal) -> None:
    founding.well("forecast", P)

    assert parts(founding) == []


def test_an_event_recorded_has_its_part_judged_or_not(founding: Terminal) -> None:
    founding.well("forecast", P)
    event = ("site-favoured", "--when", "2026-11", "--grade", "A1")
    said = founding.well("record", P, *event)

    (part,) = parts(founding)
    assert part["event"].startswith(said.out.split()[1])
    assert part["judged"]
    assert part["delta"] > 0


def test_what_is_recorded_late_comes_before_the_days_since(founding: Terminal) -> None:
    founding.well("forecast", P, "--as-of", "2026-09-30")
    founding.well(
        *("record", P, "site-favoured", "--when", "2026-09", "--known-on", "2026-09-15"),
        *("--grade", "A1", "--no-forecast"),
    )
    founding.well("forecast", P)

    told = parts(founding)
    assert [part["kind"] for part in told][:2] == ["event", "time"]
    assert told[0]["day"] == told[0]["since"] == "2026-09-30"


def test_another_judgement_has_a_part_of_its_own(founding: Terminal) -> None:
    founding.well("forecast", P)
    settings = founding.folder / "tracker.toml"
    settings.write_text(settings.read_text() + "\n[evidence.site-ruled-out]\nstart = 0.1\n")
    founding.well("forecast", P)

    (part,) = parts(founding)
    assert part["kind"] == "model"
    assert part["delta"] > 0


@pytest.mark.slow
def test_moves_are_no_part_of_what_is_replayed(founding: Terminal) -> None:
    founding.well("forecast", P, "--every", "month", "--as-of", "2024-12-31")

    said = founding.well("verify", "--forecasts")

    assert "11 forecasts replay" in said.out


@pytest.fixture
def opened(empty: Terminal) -> Terminal:
    """A workspace whose one plant was opened and announced on one day."""
    empty.well("open", "plant", "--title", "A plant")
    stated = ("--expected-start", "2028", "--capacity-per-year", "60000")
    empty.well("record", "plant", "production-announced", *NOW, *stated)
    return empty


def test_why_begins_with_the_opening_alone(opened: Terminal) -> None:
    announced = opened.well("events", "plant", "--format", "ndjson").lines[-1]["id"]
    bare = opened.well("whatif", "plant", "--without", announced, "--format", "json").rows
    told = opened.well("why", "plant", "--by", bare["by"], "--format", "json").rows
    after = opened.well("why", "plant", "--since", TODAY, "--format", "json").rows

    assert [part["event"] for part in told["parts"]] == [announced]
    assert told["parts"][0]["delta"] == told["after"] - told["before"] > 0
    assert (told["before"], told["after"]) == (bare["after"], bare["before"])
    assert after["parts"] == []
    assert after["before"] == told["after"]
    assert "at its opening on 22 November 2026" in opened.well("why", "plant").out
    late = opened.well("why", "plant", "--since", TODAY).out
    assert "at the end of 22 November 2026" in late


@pytest.mark.parametrize(
    "asked",
    [
        ("why", "plant", "--by", "2100-01-01"),
        ("why", "plant", "--by", "2026-11-21"),
        ("whatif", "plant", "site-selected", "--by", "2036-11-01"),
    ],
)
def test_beyond_ten_years_nothing_is_said(opened: Terminal, asked: tuple[str, ...]) -> None:
    refused = opened(*asked)

    assert refused.code == 4
    assert "Name a day from then to 2036-10-31." in refused.err


def test_a_move_goes_no_way_back(opened: Terminal) -> None:
    refused = opened("why", "plant", "--since", "2026-11-23")

    assert refused.code == 4
    assert "2026-11-23 is later than 2026-11-22" in refused.err


def test_a_year_without_a_forecast_has_no_volume(opened: Terminal) -> None:
    asked = ("why", "plant", "--by", "2033-12-31")
    told = opened.well(*asked, "--format", "json").rows

    assert told["volume"] is None
    assert {part["volume_delta"] for part in told["parts"]} == {None}
    assert "volume" not in opened.well(*asked).out


def test_whatif_tells_the_year_as_record_does(opened: Terminal) -> None:
    event = ("plant", "capacity-announced", "--capacity-per-year", "200000")
    supposed = opened.well("whatif", *event, "--format", "json").rows["volume"]
    shown = opened.well("whatif", *event).out
    said = opened.well("record", *event, *NOW).out

    before, after = (
        " / ".join(f"{units:,}" for units in supposed["quantiles"][side].values())
        for side in ("before", "after")
    )
    assert supposed["quantiles"]["after"]["0.5"] == supposed["after"]
    assert f"volume {supposed['year']}  {before} -> {after}" in said
    assert f"{before} -> {after}" in shown


def test_the_programmes_own_move_is_told_before_those_of_others(empty: Terminal) -> None:
    for slug in ("car-a", "car-b"):
        empty.well("open", slug, "--title", slug, "--no-forecast")
        announced = ("production-announced", "--when", "2026-10", "--expected-start", "2027")
        empty.well("record", slug, *announced, "--no-forecast")

    rivals = ("--rivals", "car-a", "--rivals", "car-b")
    told = empty.well("open", "car-c", "--title", "C", *rivals).out.splitlines()

    assert [line.partition("P(start")[0] for line in told[1:]] == ["", "car-a: ", "car-b: "]
