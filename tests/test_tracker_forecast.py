from __future__ import annotations

import csv
import io
import json
import re
import shutil
from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from tracker import workspace

if TYPE_CHECKING:
    from tests.conftest import Terminal

DAY = "2024-06-30"


def view(founding: Terminal, *words: str) -> list[dict[str, Any]]:
    asked = ("forecast", "--as-of", DAY, "--dry-run", "--format", "ndjson")
    return founding.well(*asked, *words).lines


def month_ends(first: date, count: int) -> list[str]:
    """The month-ends from the month of a day on."""
    months = [divmod(first.year * 12 + first.month - 1 + ahead, 12) for ahead in range(count)]
    return [
        date(year, month + 1, monthrange(year, month + 1)[1]).isoformat()
        for year, month in months
    ]


def test_the_machines_view_has_these_keys_and_denominators(founding: Terminal) -> None:
    made = view(founding)

    assert [line["programme"] for line in made] == [
        "dongfeng-italy",
        "leapmotor-mirafiori",
        "leapmotor-tychy-b10",
        "leapmotor-tychy-t03",
        "mirafiori-500-hybrid",
        "mirafiori-500e",
    ]
    for line in made:
        assert list(line) == ["programme", "as_of", "status", "model", "start", "volume"]
        assert line["as_of"] == DAY
        assert line["status"] == (
            "started" if line["programme"] == "mirafiori-500e" else "open"
        )
        start = line["start"]
        assert list(start) == ["by", "never", "quantiles"]
        assert [each["date"] for each in start["by"]] == month_ends(date(2024, 7, 1), 120)
        chances = [each["probability"] for each in start["by"]]
        assert chances == sorted(chances)
        assert 0 <= chances[0] <= chances[-1] <= 1
        assert all(chance == round(chance, 6) for chance in chances)
        assert start["never"] == pytest.approx(1 - chances[-1], abs=1e-9)
        for level, day in start["quantiles"].items():
            reached = [
                each["date"] for each in start["by"] if each["probability"] >= float(level)
            ]
            assert day == (reached[0] if reached else None)
        assert list(start["quantiles"]) == ["0.1", "0.5", "0.9"]
        assert [year["year"] for year in line["volume"]] == [2024, 2025, 2026, 2027, 2028]
        for year in line["volume"]:
            assert list(year) == ["year", "zero", "mean", "quantiles"]
            assert 0 <= year["zero"] <= 1
            assert isinstance(year["mean"], int)
            assert list(year["quantiles"]) == ["0.1", "0.5", "0.9"]
            levels = list(year["quantiles"].values())
            assert all(isinstance(units, int) and units >= 0 for units in levels)
            assert levels == sorted(levels)
            assert all(
                (units == 0) == (year["zero"] >= float(level))
                for level, units in year["quantiles"].items()
                if abs(year["zero"] - float(level)) > 0.02 and level != "0.1"
            )


def test_a_started_programme_has_probability_one_and_its_volumes(founding: Terminal) -> None:
    (made,) = view(founding, "mirafiori-500e")

    assert {each["probability"] for each in made["start"]["by"]} == {1.0}
    assert made["start"]["never"] == 0.0
    assert made["volume"][1]["quantiles"]["0.5"] > 0


def test_what_has_started_is_given_its_start_for_a_median_in_every_view(
    empty: Terminal,
) -> None:
    for day, words in (
        ("2024-01-05", ("open", "plant", "--title", "A plant")),
        ("2025-03-12", ("record", "plant", "production-started")),
        ("2025-06-02", ("record", "plant", "production-paused")),
    ):
        empty.well(*words, "--when", day, "--known-on", day, "--no-forecast")

    (made,) = empty.well("forecast", "plant", "--dry-run", "--format", "ndjson").lines
    table = empty.well("forecast", "plant", "--dry-run").out
    (listed,) = empty.well("programmes", "--format", "json").rows

    assert set(made["start"]["quantiles"].values()) == {made["start"]["by"][0]["date"]}
    assert "started 12 March 2025" in table
    assert "started 12 March 2025" in empty.well("programmes").out
    assert listed["median_if_it_starts"] is None
    said = empty.well("show", "plant").out
    assert "Production has started (12 March 2025). It is paused now." in said


@pytest.mark.slow
def test_a_quantile_that_falls_into_never_is_null(founding: Terminal) -> None:
    null = [made for made in view(founding) if made["start"]["quantiles"]["0.9"] is None]

    assert null
    assert all(made["start"]["never"] > 0.1 for made in null)


@pytest.mark.parametrize(
    ("day", "years"),
    [("2024-12-31", range(2024, 2029)), ("2025-01-01", range(2025, 2030))],
)
def test_the_years_are_the_as_of_days_and_the_four_after(
    founding: Terminal, day: str, years: range
) -> None:
    asked = ("forecast", "leapmotor-mirafiori", "--as-of", day, "--dry-run")
    (made,) = founding.well(*asked, "--format", "ndjson").lines

    assert [year["year"] for year in made["volume"]] == list(years)
    assert made["start"]["by"][0]["date"] == "2025-01-31"


def test_a_sheet_has_the_numbers_of_the_machines_view(founding: Terminal) -> None:
    asked = ("forecast", "--as-of", DAY, "--dry-run", "--format", "csv")

    rows = list(csv.DictReader(io.StringIO(founding.well(*asked).out)))

    views = view(founding)
    assert [row["programme"] for row in rows] == [made["programme"] for made in views]
    for row, made in zip(rows, views, strict=True):
        by = {one["date"]: one["probability"] for one in made["start"]["by"]}
        quantiles = made["start"]["quantiles"]
        assert float(row["never"]) == made["start"]["never"]
        assert row["start_p10"] == (quantiles["0.1"] or "")
        assert row["start_p90"] == (quantiles["0.9"] or "")
        for volume in made["volume"]:
            year, levels = volume["year"], volume["quantiles"]
            assert float(row[f"by_{year}"]) == by[f"{year}-12-31"]
            assert float(row[f"volume_{year}_zero"]) == volume["zero"]
            assert int(row[f"volume_{year}_p90"]) == levels["0.9"]
        assert all(re.fullmatch(r"|[\d.e-]+", row[name]) for name in list(row)[5:])


def test_a_sheet_over_years_leaves_out_what_was_not_said(founding: Terminal) -> None:
    days = ("--as-of", "2023-12-31", "--as-of", "2025-06-30")
    asked = ("forecast", "mirafiori-500e", *days, "--dry-run", "--format", "csv")

    early, late = csv.DictReader(io.StringIO(founding.well(*asked).out))

    assert list(early) == list(late)
    assert (early["volume_2028_p50"], late["volume_2024_p50"], late["by_2024"]) == ("", "", "")
    assert early["volume_2027_p50"]
    assert late["volume_2029_p50"]


def test_a_sheet_of_no_forecast_has_its_columns(founding: Terminal) -> None:
    said = founding.well("show", "leapmotor-tychy-b10", "--format", "csv")

    assert said.out.startswith("programme,as_of,status,model,announced,by_2026,")
    assert said.out.count("\n") == 1


def test_the_cancelled_the_stopped_and_context_are_left_out(founding: Terminal) -> None:
    asked = ("forecast", "--dry-run", "--format", "ndjson")
    named = {line["programme"] for line in founding.well(*asked).lines}
    rows = founding.well("programmes", "--format", "json").rows

    left = {row["programme"] for row in rows if row["stage"] in {"cancelled", "stopped", None}}
    assert {"leapmotor-tychy-b10", "leapmotor-tychy-t03", "leapmotor-jv"} <= left
    assert named == {row["programme"] for row in rows} - left


def test_a_programme_that_was_not_open_yet_says_so_and_is_no_error(founding: Terminal) -> None:
    said = founding.well("forecast", "leapmotor-mirafiori", "--as-of", "2020-01-01")

    assert said.out == ""
    assert "was not open yet on 2020-01-01: it was opened on 2024-02-02." in said.err


def test_a_dry_run_records_nothing_and_an_issue_twice_adds_nothing(founding: Terminal) -> None:
    count = ("sql", "SELECT count(*) AS n FROM forecasts", "--format", "ndjson")
    asked = ("forecast", "leapmotor-mirafiori", "--as-of", DAY)

    founding.well(*asked, "--dry-run")
    dry = founding.well(*count).lines
    first = founding.well(*asked)
    second = founding.well(*asked)

    assert dry == [{"n": 0}]
    assert first.out == second.out
    assert first.err == "issued 1 forecast\n"
    assert second.err == "issued 0 forecasts; 1 said nothing new\n"
    assert founding.well(*count).lines == [{"n": 1}]


@pytest.mark.slow
def test_a_replay_issues_one_hindcast_a_month_end(founding: Terminal) -> None:
    asked = ("forecast", "leapmotor-mirafiori", "--every", "month", "--as-of", "2024-08-15")
    said = founding.well(*asked, "--format", "ndjson")
    again = founding.well(*asked, "--format", "ndjson")
    query = "SELECT as_of, hindcast, recorded_at FROM forecasts ORDER BY as_of"
    rows = founding.well("sql", query, "--format", "json").rows

    opened = founding.well("events", "leapmotor-mirafiori", "--format", "json").rows[0]
    ends = [line["as_of"] for line in said.lines]
    assert ends == month_ends(date.fromisoformat(opened["known_on"]), len(ends))
    assert ends[-1] == "2024-07-31"
    assert [row["as_of"] for row in rows] == ends
    assert all(row["hindcast"] for row in rows)
    assert "issued 0 forecasts" in again.err


def test_the_tables_hold_what_the_machines_view_said(founding: Terminal) -> None:
    (made,) = view(founding, "leapmotor-mirafiori")
    founding.well("forecast", "leapmotor-mirafiori", "--as-of", DAY)

    starts = founding.well(
        "sql",
        "SELECT date, probability FROM start_probabilities ORDER BY date",
        "--format",
        "json",
    ).rows
    volumes = founding.well(
        "sql",
        "SELECT year, zero, mean, q10, q50, q90 FROM volume_quantiles ORDER BY year",
        "--format",
        "json",
    ).rows

    assert starts == made["start"]["by"]
    assert volumes == [
        {"year": year["year"], "zero": year["zero"], "mean": year["mean"]}
        | dict(zip(("q10", "q50", "q90"), year["quantiles"].values(), strict=True))
        for year in made["volume"]
    ]


@pytest.mark.parametrize(
    "day", ["2024-06-30", pytest.param("2025-03-31", marks=pytest.mark.slow)]
)
def test_what_is_known_later_never_changes_a_forecast(founding: Terminal, day: str) -> None:
    asked = ("--as-of", day, "--dry-run", "--format", "ndjson")
    lines = founding.well("export").lines
    with_all = founding.well("forecast", *asked)
    known = [json.dumps(line) for line in lines if line["known_on"] <= day]
    shutil.rmtree(founding.folder / ".tracker")
    for name in ("ledger.sqlite", "timeline.duckdb", "tracker.toml"):
        (founding.folder / name).unlink()
    workspace.create(founding.folder)

    founding.well("import", "-", given="\n".join(known))
    slugs = [line["programme"] for line in with_all.lines]
    without = founding.well("forecast", *slugs, *asked)

    assert len(known) < len(lines)
    assert without.out == with_all.out
