from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from events import lines
from tracker import timeline, workspace
from tracker.months import disagreement_rows, month_rows, reconciled
from tracker.relations import put

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    Line = dict[str, Any]

NOON = datetime(2026, 2, 1, 12, tzinfo=UTC)
PERIODS = ["2024-01", "2024-02", "2024-03", "[2024-04]", "2024-Q1", "2024-01-31", "2024-05~"]
PLANTS = ["car-at-x", "car-at-y", "car-at-z"]

reports: st.SearchStrategy[list[Line]] = st.lists(
    st.builds(
        dict,
        programme=st.sampled_from(PLANTS),
        period=st.sampled_from(PERIODS),
        volume=st.sampled_from([0, 5, 9, 2.5, 1_000]),
        measure=st.sampled_from([None, "production", "deliveries"]),
    ),
    max_size=12,
)


def lines_of(told: list[Line], undone: Iterable[int] = ()) -> list[Line]:
    """Three openings and a start, the reports, and then some of these retracted."""
    common = {"occurred": "2024-01-01", "known_on": "2025-01-01"}
    opened = [
        {"programme": slug, "type": "programme-opened", "title": "A plant"} for slug in PLANTS
    ]
    started = {"programme": PLANTS[0], "type": "production-started", "occurred": "2024-02"}
    reported = [{"type": "volume-reported"} | report for report in told]
    stated = [
        common | line | {"id": f"00000000-0000-4000-8000-{number:012}"}
        for number, line in enumerate([*opened, started, *reported])
    ]
    retracted = [
        common
        | {"programme": line["programme"], "type": "event-retracted", "retracts": line["id"]}
        | {"known_on": "2025-01-02", "id": f"00000000-0000-4000-9000-{number:012}"}
        for number, line in enumerate(stated[-len(told) :] if told else [])
        if number in undone
    ]
    return stated + retracted


@pytest.mark.slow
@settings(
    max_examples=30,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
    deadline=None,
)
@given(told=reports, undone=st.sets(st.integers(0, 11), max_size=2), known=st.integers(0, 12))
def test_months_by_sql_and_by_python_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, told: list[Line], undone: set[int], known: int
) -> None:
    place = workspace.create(tmp_path_factory.mktemp("law"))
    facts = [lines.to_fact(line, today=date.max) for line in lines_of(told, undone)]
    first, later = facts[: 4 + known], facts[4 + known :]
    with place.ledger() as ledger:
        versions: dict[str, int] = {}
        for part in (first, later):
            ledger.append(part, after=versions, now=NOON)
            versions = {slug: ledger.stream(slug).version for slug in PLANTS}
            timeline.catch_up(place, ledger)
        histories = ledger.histories()

    with timeline.connect(place) as connection:
        shown = {
            table: sorted(map(str, connection.execute(f"FROM {table}").fetchall()))
            for table in ("volumes", "volume_disagreements")
        }

    done = reconciled(histories)
    for table, rows in (
        ("volumes", month_rows(done)),
        ("volume_disagreements", disagreement_rows(done)),
    ):
        assert shown[table] == sorted(str(tuple(row.values())) for row in rows)


def test_what_goes_into_a_table_comes_out_of_it(tmp_path: Path) -> None:
    row = {
        "programme": "car-at-x",
        "month": date(2024, 1, 1),
        "measure": "production",
        "volume": 0.1 + 0.2,
        "basis": "spread",
        "reports": ["one, 'quoted'", 'two "so"', "three\nlines — ☃"],
    }

    with duckdb.connect() as connection, timeline.built(connection, tmp_path / "beside.duckdb"):
        put(connection, "reconciled", [row])
        assert connection.execute("FROM volumes").fetchall() == [tuple(row.values())]
