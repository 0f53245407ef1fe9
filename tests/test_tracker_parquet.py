from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tracker.columns import INNER
from tracker.macros import BASE
from tracker.parquet import MARK, NAMES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Terminal

PLAIN = {
    *(pa.string(), pa.int64(), pa.int32(), pa.float64(), pa.bool_(), pa.date32()),
    *(pa.timestamp("us", tz="UTC"), pa.list_(pa.string()), pa.list_(pa.float64())),
}
"""Types that every reader of Parquet has."""


def exported(founding: Terminal, *words: str) -> Path:
    founding.well("export", "--format", "parquet", "-o", "lake", *words)
    return founding.folder / "lake"


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).digest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def element(type: pa.DataType) -> pa.DataType:
    return pa.list_(type.value_type) if pa.types.is_list(type) else type


@pytest.mark.slow
def test_every_table_reads_back_as_the_timeline_has_it(founding: Terminal) -> None:
    founding.well("forecast", "leapmotor-mirafiori", "--as-of", "2024-06-30")
    lake = exported(founding)

    with duckdb.connect(founding.folder / "timeline.duckdb", read_only=True) as timeline:
        published = {name for (name,) in timeline.execute("SHOW TABLES").fetchall()}
        assert published == {*NAMES, *INNER, *BASE, "tracking"}
        for name in NAMES:
            table = timeline.table(name)
            read = duckdb.read_parquet(
                f"{lake}/{name}{'/*/*/*' if name == 'events' else ''}.parquet",
                hive_partitioning=False,
            )
            if "recorded_at" in table.columns:
                read = read.project("* REPLACE (recorded_at::TIMESTAMP AS recorded_at)")
            assert read.columns == table.columns
            assert read.order("ALL").fetchall() == table.order("ALL").fetchall(), name


@pytest.mark.slow
def test_only_plain_types_leave(founding: Terminal) -> None:
    lake = exported(founding)

    for path in lake.rglob("*.parquet"):
        schema = pq.read_schema(path)
        assert {element(field.type) for field in schema} <= PLAIN, path
        assert not schema.metadata


@pytest.mark.slow
def test_events_lie_apart_by_kind_and_year(founding: Terminal) -> None:
    lake = exported(founding)

    frame = pq.read_table(lake / "events").to_pandas()

    assert len(frame) == 898
    assert set(frame["programme_kind"]) == {"production", "context"}
    years = frame["known_on"].map(lambda day: day.year)
    assert (years == frame["known_year"].astype(int)).all()


@pytest.mark.slow
def test_the_same_ledger_gives_the_same_bytes(founding: Terminal) -> None:
    first = files(exported(founding))

    founding.well("rebuild")

    assert files(exported(founding)) == first
    assert not [path for path in founding.folder.iterdir() if path.name.startswith(".lake")]


@pytest.mark.slow
def test_some_programmes_alone_are_written(founding: Terminal) -> None:
    lake = exported(founding, "leapmotor-mirafiori")

    assert set(pq.read_table(lake / "programmes.parquet")["programme"].to_pylist()) == {
        "leapmotor-mirafiori"
    }
    assert set(pq.read_table(lake / "events")["programme"].to_pylist()) == {
        "leapmotor-mirafiori"
    }


def test_what_is_not_an_export_is_not_replaced(founding: Terminal) -> None:
    ours = founding.folder / "thesis"
    ours.mkdir()
    (ours / "chapter").write_text("mine")
    asked = ("export", "--format", "parquet")

    over, unnamed = founding(*asked, "-o", "thesis"), founding(*asked)
    on_a_file, nowhere = founding(*asked, "-o", "tracker.toml"), founding(*asked, "-o", "a/b")
    unknown = founding(*asked, "-o", "new", "no-such-thing")

    assert over.code == 5
    assert "thesis holds something else" in over.err
    assert [path.name for path in ours.iterdir()] == ["chapter"]
    assert unnamed.code == 2
    assert on_a_file.code == 5
    assert (nowhere.code, nowhere.err) == (1, "error: a/b: no such file or directory.\n")
    assert unknown.code == 3
    assert not (founding.folder / "new").exists()
    assert not (founding.folder / "lake" / MARK).exists()
