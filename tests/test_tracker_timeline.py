from __future__ import annotations

import re
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from events import edtf, facts, lines
from events.corrections import effective
from events.programme import Programme, replay
from tracker import timeline, wishes, workspace
from tracker.columns import EVENT, INNER
from tracker.parquet import NAMES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from events.facts import Fact
    from tests.conftest import Terminal
    from tracker.workspace import Workspace

    Line = dict[str, Any]

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
FIRST = date(2024, 1, 1)
DAYS = 8
NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)
WHEN = ["2023", "2024-01-03", "2024-01~", "../2024-01-05", "2024-01-02/..", "[2023,2025]"]
CLAIMS = [
    "production-considered",
    "production-announced",
    "site-selected",
    "construction-started",
    "production-started",
    "start-revised",
    "capacity-announced",
    "evidence-for",
    "site-ruled-out",
]
BARE = [
    "production-paused",
    "production-resumed",
    "production-cancelled",
    "production-stopped",
    "noted",
    "plant-closed",
]


def name(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


@st.composite
def contents(draw: st.DrawFn, type: str) -> Line:
    """What an event of a type says, but for its id, its programme and the day."""
    said: Line = {"occurred": draw(st.sampled_from(WHEN))}
    if draw(st.booleans()):
        said["summary"] = draw(st.sampled_from(["One.", 'Two, "said" she; — x ☃']))
    if type in CLAIMS:
        if draw(st.booleans()):
            said["expected_start"] = draw(st.sampled_from(WHEN))
        if draw(st.booleans()):
            said["capacity_per_year"] = draw(st.sampled_from([0, 1, 2.5, 150_000]))
    if type == "volume-reported":
        said |= {"period": draw(st.sampled_from(["2023", "2023-12"])), "volume": 5}
    if type == "programme-opened":
        said["title"] = draw(st.sampled_from(["X", "Y"]))
    return said


@st.composite
def journals(draw: st.DrawFn, *, shuffled: bool) -> list[Line]:
    """Lines of two programmes, known in any order, corrected in every way that is allowed.

    Within one import a correction may stand before what it corrects: `shuffled`.
    """
    told: list[Line] = []
    types: dict[str, str] = {}
    for number in range(draw(st.integers(2, 14))):
        programme = ("car-at-x", "car-at-y")[number if number < 2 else draw(st.integers(0, 1))]
        earlier = [line["id"] for line in told if line["programme"] == programme]
        type = (
            "programme-opened"
            if number < 2
            else draw(st.sampled_from([*CLAIMS, *BARE, "volume-reported", *CORRECTIONS * 4]))
        )
        line: Line = {
            "id": name(number),
            "programme": programme,
            "type": type,
            "known_on": (FIRST + timedelta(draw(st.integers(0, DAYS - 1)))).isoformat(),
        }
        if type in CORRECTIONS:
            target = draw(st.sampled_from(earlier))
            line |= corrects(draw, type, target, types)
        else:
            types[line["id"]] = type
            line |= draw(contents(type))
        told.append(line)
    return draw(st.permutations(told)) if shuffled else told


CORRECTIONS = ["event-retracted", "event-amended"]


def corrects(draw: st.DrawFn, type: str, target: str, types: dict[str, str]) -> Line:
    if type == "event-amended" and target in types:
        number = len(types)
        types[name(100 + number)] = types[target]
        return {"amends": target, "id": name(100 + number)} | draw(contents(types[target]))
    return {"type": "event-retracted", "retracts": target, "occurred": "2024"}


def recorded(folder: Path, told: list[Line]) -> Workspace:
    """A workspace with these lines, a batch after the other."""
    place = workspace.create(folder)
    with place.ledger() as ledger:
        versions: dict[str, int] = {}
        for line in told:
            fact = lines.to_fact(line, today=FIRST)
            ledger.append([fact], after=versions, now=NOON)
            versions[fact.programme] = versions.get(fact.programme, 0) + 1
    return place


def rows(connection: DuckDBPyConnection, sql: str, *values: object) -> list[dict[str, Any]]:
    cursor = connection.execute(sql, list(values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def of_fact(fact: Fact) -> dict[str, Any]:
    """What the timeline says of a fact, from the fact itself."""
    line = lines.from_fact(fact)
    span = edtf.parse(fact.occurred)
    stated = line.get("expected_start")
    window = edtf.parse(stated) if stated else None
    return {
        **{key: line.get(key) for key in ("id", "programme", "type", "occurred", "summary")},
        "known_on": fact.known_on,
        "earliest": span.earliest,
        "latest": span.latest,
        "expected_start": stated,
        "expected_latest": window.latest if window else None,
        "capacity_per_year": line.get("capacity_per_year"),
        "title": line.get("title"),
        "volume": line.get("volume"),
    }


def of_programme(state: Programme) -> dict[str, Any]:
    """What the timeline says of a programme, from its replay."""
    assert state.opening
    return {
        "programme": state.slug,
        "title": state.opening.title,
        "stage": str(state.stage),
        "started": state.started,
        "expected_start": state.window,
        "capacity_per_year": state.capacity,
        "opened_on": state.opening.known_on,
        "last_known": state.last_known,
        "events": state.count,
    }


many = settings(
    max_examples=25,
    phases=[Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.mark.slow
@many
@given(told=journals(shuffled=True))
def test_the_timeline_of_any_day_is_what_counted_on_it(
    tmp_path_factory: pytest.TempPathFactory, told: list[Line]
) -> None:
    place = recorded(tmp_path_factory.mktemp("law"), told)
    with place.ledger() as ledger:
        facts = [entry.fact for entry in ledger.entries()]

    with timeline.connect(place) as connection:
        for day in (*(FIRST + timedelta(n) for n in range(-1, DAYS + 1)), date.max):
            ordered = "SELECT * FROM timeline_as_of(?) AS t ORDER BY t.known_on, t.position"
            shown = rows(connection, ordered, day)
            counted = [of_fact(fact) for fact in effective(facts, as_of=day)]
            keys = counted[0] if counted else {}
            assert [{key: row[key] for key in keys} for row in shown] == counted
            listed = rows(connection, "FROM programmes_as_of(?) ORDER BY programme", day)
            states = (
                replay(
                    slug, effective([one for one in facts if one.programme == slug], as_of=day)
                )
                for slug in ("car-at-x", "car-at-y")
            )
            opened = [of_programme(state) for state in states if state.opening]
            keys = opened[0] if opened else {}
            assert [{key: row[key] for key in keys} for row in listed] == opened


TABLES = "SELECT table_name FROM duckdb_tables() WHERE table_name <> 'tracking' ORDER BY 1"


def everything(place: Workspace) -> dict[str, list[str]]:
    """The rows of every table and view, and the definition of everything."""
    with timeline.connect(place) as connection:
        tables = [row[0] for row in connection.execute(TABLES).fetchall()]
        views = [
            "events",
            "timeline",
            "programmes",
            "milestones",
            "announced_windows",
            "volumes",
        ]
        held = {
            table: sorted(map(str, connection.execute(f"FROM {table}").fetchall()))
            for table in [*tables, *views]
        }
        made = "SELECT sql FROM duckdb_tables() UNION ALL SELECT sql FROM duckdb_views()"
        return held | {"made": sorted(map(str, connection.execute(made).fetchall()))}


@pytest.mark.slow
@many
@given(told=journals(shuffled=False), pauses=st.sets(st.integers(0, 13)))
def test_caught_up_it_has_the_same_rows_as_rebuilt(
    tmp_path_factory: pytest.TempPathFactory, told: list[Line], pauses: set[int]
) -> None:
    place = workspace.create(tmp_path_factory.mktemp("law"))
    versions: dict[str, int] = {}
    with place.ledger() as ledger:
        for number, line in enumerate(told):
            fact = lines.to_fact(line, today=FIRST)
            ledger.append([fact], after=versions, now=NOON)
            versions[fact.programme] = versions.get(fact.programme, 0) + 1
            if number in pauses:
                place.follow([fact.programme])
                timeline.catch_up(place, ledger)

    caught_up = everything(place)
    timeline.rebuild(place)

    anew = everything(place)
    assert {key for key in anew if anew[key] != caught_up[key]} == set()


def opened(*more: Line) -> list[Line]:
    first: Line = {"id": name(0), "type": "programme-opened", "title": "X"}
    return [
        {"programme": "car-at-x", "occurred": "2024-01-01", "known_on": "2024-01-01"} | line
        for line in (first, *more)
    ]


def test_what_is_retracted_on_the_day_it_became_known_never_counts(tmp_path: Path) -> None:
    noted = {"id": name(1), "type": "noted", "known_on": "2024-01-02"}
    taken = {"id": name(2), "type": "event-retracted", "retracts": name(1)}
    place = recorded(tmp_path, opened(noted, taken | {"known_on": "2024-01-02"}))

    with timeline.connect(place) as connection:
        told = rows(connection, "SELECT type FROM timeline")

    assert told == [{"type": "programme-opened"}]


def test_an_event_says_by_what_it_was_retracted_and_last_amended(tmp_path: Path) -> None:
    noted = {"id": name(1), "type": "noted", "summary": "One."}
    amended = {"id": name(2), "type": "event-amended", "amends": name(1), "summary": "Two."}
    again = {"id": name(3), "type": "event-amended", "amends": name(2), "summary": "Three."}
    retracted = {"id": name(4), "type": "event-retracted", "retracts": name(1)}
    undone = {"id": name(5), "type": "event-retracted", "retracts": name(4)}
    redone = {"id": name(6), "type": "event-retracted", "retracts": name(5)}
    place = recorded(tmp_path, opened(noted, amended, again, retracted, undone, redone))

    with timeline.connect(place) as connection:
        told = rows(connection, "SELECT id, retracted_by, amended_by FROM events")

    fates = {row["id"]: (row["retracted_by"], row["amended_by"]) for row in told}
    assert fates[name(1)] == (name(4), name(3))
    assert fates[name(2)] == (None, name(3))
    assert fates[name(5)] == (name(6), None)


@pytest.mark.slow
@pytest.mark.parametrize("spoil", ["deleted", "cut", "foreign", "garbage", "of another form"])
def test_a_file_that_is_no_timeline_is_rebuilt_unasked(founding: Terminal, spoil: str) -> None:
    file = founding.folder / "timeline.duckdb"
    query = ("sql", "SELECT count(*) AS n, sum(position) AS s FROM events", "--format", "csv")
    before = founding.well(*query).out
    match spoil:
        case "deleted":
            file.unlink()
        case "cut":
            file.write_bytes(file.read_bytes()[:300_000])
        case "garbage":
            file.write_bytes(b"no database" * 999)
        case "foreign":
            file.unlink()
            with duckdb.connect(file) as connection:
                connection.execute("CREATE TABLE events (id INTEGER)")
        case _:
            with duckdb.connect(file) as connection:
                connection.execute("UPDATE tracking SET notification_id = 0")

    assert founding.well(*query).out == before


def test_a_rebuild_says_so_and_changes_nothing(founding: Terminal) -> None:
    place = workspace.at(founding.folder)
    before = everything(place)

    said = founding.well("rebuild")

    assert said.out == "the timeline is rebuilt from the ledger\n"
    assert everything(place) == before


def test_everything_that_is_asked_in_it_has_a_comment(founding: Terminal) -> None:
    inner = ", ".join(f"'{name}'" for name in INNER)
    kinds = {
        "duckdb_tables()": "NOT internal",
        "duckdb_views()": "NOT internal",
        "duckdb_functions()": "function_type = 'table_macro' AND NOT internal",
        "duckdb_columns()": f"NOT internal AND table_name NOT IN ({inner})",
    }

    with timeline.connect(workspace.at(founding.folder)) as connection:
        bare = {
            kind: rows(connection, f"FROM {kind} WHERE comment IS NULL AND {condition}")
            for kind, condition in kinds.items()
        }

    assert {
        kind: [row.get("column_name") for row in found] for kind, found in bare.items()
    } == {kind: [] for kind in kinds}


def test_the_readmes_list_of_tables_has_what_is_public_views_included(
    founding: Terminal,
) -> None:
    (query,) = re.findall(r"^D (SELECT table_name.*?);", README, re.MULTILINE | re.DOTALL)

    listed = founding.well("sql", query, "--format", "json").rows

    assert [row["table_name"] for row in listed] == sorted(NAMES)


def test_a_reader_keeps_its_snapshot_while_others_record(founding: Terminal) -> None:
    path = founding.well("db").out.strip()
    counted = "SELECT count(*) FROM events"

    with duckdb.connect(path, read_only=True) as reader:
        before = reader.execute(counted).fetchall()
        noted = ("leapmotor-mirafiori", "noted", "--when", "2026-01", "--no-forecast")
        founding.well("record", *noted)
        founding.well("db")
        during = reader.execute(counted).fetchall()
    with duckdb.connect(path, read_only=True) as reader:
        after = reader.execute(counted).fetchall()

    assert during == before
    assert after == [(before[0][0] + 1,)]
    assert not list(founding.folder.glob("*.wal"))
    assert not list((founding.folder / ".tracker").glob("next*"))


def test_every_key_of_a_journal_can_be_typed_amended_and_asked_for() -> None:
    typed = {wishes.KEY.get(part.name, part.name) for part in fields(wishes.Wish)}
    untyped = {"id", "source", "retracts", "amends", *wishes.ARGUMENTS, *wishes.WORDS.values()}

    assert set(lines.KEYS) <= typed | untyped
    assert set(lines.KEYS) - {"type", "retracts"} <= {*facts.EventAmended.__struct_fields__}
    assert set(lines.KEYS) - {"source"} <= {column.name for column in EVENT}
