from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent


def started(
    founding: Terminal, *words: str, out: int = subprocess.PIPE
) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", "sql", *words],
        cwd=founding.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_every_kind_of_value_is_written(founding: Terminal) -> None:
    query = """SELECT true AS bool, 1::TINYINT AS tiny, 170141183460469231731687303715884105727
    AS huge, 1.50::DECIMAL(9, 2) AS decimal, 0.1::DOUBLE AS double, 'NaN'::DOUBLE AS nan,
    '-inf'::FLOAT AS less, DATE '2024-06-30' AS day, TIMESTAMP '2024-06-30 12:00:00' AS moment,
    TIMESTAMPTZ '2024-06-30 12:00:00+02' AS zoned, TIME '12:30:00' AS clock,
    INTERVAL 3 MONTH AS span, 'é; "x"'||chr(10)||'y' AS text, '\\x00\\xFF'::BLOB AS blob,
    uuid '00000000-0000-4000-8000-000000000001' AS uuid, [1, NULL] AS list, {'a': [DATE
    '2024-01-01']} AS struct, map(['k'], [1]) AS map, map([DATE '2024-01-01'],
    ['NaN'::DOUBLE]) AS days, NULL AS null, 'a'::ENUM('a') AS enum,
    '101'::BIT AS bit, DATE 'infinity' AS ever, [1, 2]::INTEGER[2] AS array,
    union_value(n := 5) AS choice, '{"j": 1}'::JSON AS json"""

    (row,) = founding.well("sql", query, "--format", "json").rows
    (line,) = founding.well("sql", query, "--format", "ndjson").lines
    sheet = founding.well("sql", query, "--format", "csv").out
    table = founding.well("sql", query).out

    assert line == row
    assert {key: row[key] for key in ("bool", "tiny", "double", "day", "moment", "null")} == {
        "bool": True,
        "tiny": 1,
        "double": 0.1,
        "day": "2024-06-30",
        "moment": "2024-06-30T12:00:00Z",
        "null": None,
    }
    assert row["list"] == [1, None]
    assert row["struct"] == {"a": ["2024-01-01"]}
    assert row["nan"] is None or row["nan"] == "NaN"
    assert "NaN" not in founding.well("sql", query, "--format", "ndjson").out.replace(
        '"NaN"', ""
    )
    (cells,) = csv.DictReader(io.StringIO(sheet))
    assert cells["text"] == 'é; "x"\ny'
    assert cells["day"] == "2024-06-30"
    assert cells["null"] == ""
    assert table.count("\n") == 2


def test_an_answer_without_rows_has_its_columns_where_a_format_has_any(
    founding: Terminal,
) -> None:
    asked = ("sql", "SELECT 1 AS a, 2 AS b WHERE false", "--format")

    assert founding.well(*asked, "table").out == "a  b\n"
    assert founding.well(*asked, "csv").out == "a,b\n"
    assert founding.well(*asked, "json").out == "[]\n"
    assert founding.well(*asked, "ndjson").out == ""


def test_a_plan_keeps_its_lines(founding: Terminal) -> None:
    name, *drawn = founding.well("sql", "EXPLAIN SELECT 1").out.splitlines()

    assert name == "physical_plan"
    assert len(drawn) > 3
    assert len({len(line) for line in drawn}) == 1


def test_columns_of_one_name_are_kept_apart(founding: Terminal) -> None:
    said = founding.well("sql", "SELECT 1 AS a, 2 AS a, 3 AS a_2", "--format", "csv")

    header, row = said.out.splitlines()
    assert len(set(header.split(","))) == 3
    assert row == "1,2,3"


def test_several_statements_answer_with_the_last(founding: Terminal) -> None:
    said = founding.well("sql", "SELECT 1 AS a; SELECT 2 AS b;", "--format", "csv")

    assert said.out == "b\n2\n"


def test_a_temporary_table_is_harmless(founding: Terminal) -> None:
    query = "CREATE TEMP TABLE t AS SELECT 7 AS a; FROM t"

    assert founding.well("sql", query, "--format", "csv").out == "a\n7\n"


@pytest.mark.parametrize("words", [(), ("-",)])
def test_a_query_may_come_from_standard_input(
    founding: Terminal, words: tuple[str, ...]
) -> None:
    said = founding.well("sql", *words, "--format", "csv", given="SELECT 'é' AS a")

    assert said.out == "a\né\n"


def test_what_takes_too_long_is_stopped_with_a_sentence(founding: Terminal) -> None:
    begun = time.monotonic()
    said = founding(
        "sql", "SELECT count(*) FROM range(10_000_000_000) a, range(99) b", "--seconds", "1"
    )

    assert said.code == 1
    assert said.err == (
        "error: The query took longer than a second and was stopped. "
        "Ask for less, or give it more with --seconds.\n"
    )
    assert time.monotonic() - begun < 6


@pytest.mark.slow
def test_a_reader_who_takes_longer_than_the_query_may_gets_every_row(
    founding: Terminal,
) -> None:
    asked = ["SELECT * FROM range(40_000) AS t(i)", "--format", "csv", "--seconds", "2"]
    with started(founding, *asked) as process:
        assert process.stdout
        first = process.stdout.readline()
        time.sleep(4)
        rest = process.stdout.read().splitlines()
        code = process.wait()

    assert (first, code) == ("i\n", 0)
    assert rest == [str(number) for number in range(40_000)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "SELECT len(repeat('x', 3_000_000_000))",
        "SELECT list_reduce(range(50_000_000), lambda a, b: a + b)",
        "SELECT array_agg(repeat('x', 1000) || i) FROM range(9_000_000) t(i)",
    ],
)
def test_what_needs_too_much_memory_is_one_sentence(founding: Terminal, query: str) -> None:
    said = founding("sql", query, "--memory", "512", "--seconds", "20", "--format", "csv")

    assert said.code in {1, 4}
    assert said.err.startswith("error: ")
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err


@pytest.mark.slow
def test_a_reader_that_leaves_gets_no_complaint(founding: Terminal) -> None:
    query = "SELECT i, repeat('x', 50) FROM range(3_000_000) t(i)"
    with started(founding, query, "--format", "csv") as process:
        assert process.stdout
        first = process.stdout.readline()
        process.stdout.close()
        assert process.stderr
        complaint = process.stderr.read()
        code = process.wait(30)

    assert first.startswith("i,")
    assert (complaint, code) == ("", 141)


@pytest.mark.slow
def test_ctrl_c_stops_it_and_leaves_no_process(founding: Terminal) -> None:
    query = "SELECT count(*) FROM range(10_000_000_000) a, range(99) b"
    with started(founding, query) as process:
        time.sleep(2.0)
        process.send_signal(signal.SIGINT)
        _, complaint = process.communicate(timeout=15)

    assert process.returncode != 0
    assert "Traceback" not in complaint


@pytest.mark.slow
def test_killed_it_leaves_no_process(founding: Terminal) -> None:
    founding.well("db")
    query = "SELECT count(*) FROM range(10_000_000_000) a, range(99) b"
    with started(founding, query) as process:
        time.sleep(2.0)
        process.kill()
        began = time.monotonic()
        process.communicate(timeout=15)  # until nobody holds its standard output any more

    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_a_million_rows_stream_in_constant_memory(founding: Terminal) -> None:
    query = "SELECT i, 'word ' || i AS words FROM range(1_000_000) t(i)"
    founding.well("db")
    script = f"""
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "tracker", "sql", {query!r}, "--format", "csv"],
                      stdout=subprocess.PIPE)
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(done.returncode, done.stdout.count(b"\\n"), used)
"""

    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=founding.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    code, lines, used = map(int, said.stdout.split())
    assert (code, lines) == (0, 1_000_001)
    assert used < 400 * (1024 if sys.platform == "linux" else 1024 * 1024)


def test_every_event_window_milestone_and_month_can_be_queried(founding: Terminal) -> None:
    query = """SELECT (SELECT count(*) FROM events) AS events,
        (SELECT count(*) FROM programmes) AS programmes,
        (SELECT count(*) FROM announced_windows) AS windows,
        (SELECT count(*) FROM milestones) AS milestones,
        (SELECT count(*) FROM volumes) AS volumes"""

    (counted,) = founding.well("sql", query, "--format", "ndjson").lines

    assert (counted["events"], counted["programmes"]) == (898, 139)
    assert min(counted.values()) > 50


def test_the_rows_of_json_are_those_of_the_table(founding: Terminal) -> None:
    query = "SELECT programme, stage FROM programmes WHERE followed ORDER BY programme"

    rows = founding.well("sql", query, "--format", "json").rows
    table = founding.well("sql", query).out.splitlines()

    assert json.dumps(rows)
    assert [line.split(maxsplit=1)[0] for line in table[1:]] == [
        row["programme"] for row in rows
    ]
