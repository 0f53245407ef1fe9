from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "scripts"))

from attempts import OUTCOMES, Attempt, attempts  # noqa: E402 - a script's module

ATTEMPTS = list(attempts())
TOLD = ("Where the file lies", "Words that are none")
"""Groups about what the command makes of an answer or a query, not DuckDB alone."""

CHILD = """
import json, sys
import duckdb
from tracker.contained import Limits, opened
connection = opened(Limits())
for line in sys.stdin:
    try:
        connection.cursor().execute(json.loads(line)).fetchmany(10)
        said = 0
    except duckdb.Error:
        said = 4
    print(said, flush=True)
"""


@pytest.fixture(scope="session")
def asked(_founding: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A child as the sandbox's own that answers one query after the other with a code."""
    folder = tmp_path_factory.mktemp("asked")
    published = folder / "timeline.duckdb"
    os.link(_founding / "timeline.duckdb", published)
    before = hashlib.sha256(published.read_bytes()).digest()
    with subprocess.Popen(
        [sys.executable, "-c", CHILD],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin
        assert child.stdout

        def ask(query: str) -> int:
            print(json.dumps(query), file=child.stdin, flush=True)
            return int(child.stdout.readline())  # type: ignore[union-attr] # asserted above

        yield ask
        child.stdin.close()
    assert [path.name for path in folder.iterdir()] == [published.name]
    assert hashlib.sha256(published.read_bytes()).digest() == before


@pytest.mark.parametrize(
    "each", [each for each in ATTEMPTS if not each.slow and each.group not in TOLD], ids=str
)
def test_a_query_reaches_nothing_but_the_timeline(
    asked: Callable[[str], int], each: Attempt
) -> None:
    assert asked(each.query.decode()) == OUTCOMES[each.outcome]


def _held(founding: Terminal, each: Attempt, *options: str) -> None:
    before = sorted(path.name for path in founding.folder.rglob("*"))

    said = founding("sql", "-", *each.options, *options, given=each.query)

    assert said.code == OUTCOMES[each.outcome]
    if each.outcome != "harmless":
        assert said.out == ""
        assert said.err.startswith("error: ")
        assert said.err.count("\n") == 1
    for secret in (str(founding.folder), founding.folder.name, f"{Path.home()}/"):
        for shown in (secret, secret.upper(), secret[::-1], secret.encode().hex().upper()):
            assert shown not in said.out + said.err
    assert "Traceback" not in said.err
    assert "\x1b" not in said.out + said.err
    assert sorted(path.name for path in founding.folder.rglob("*")) == before


@pytest.mark.parametrize(
    "each",
    [
        pytest.param(each, marks=[pytest.mark.slow] if number % 6 else [])
        for number, each in enumerate(each for each in ATTEMPTS if each.group in TOLD)
    ],
    ids=str,
)
def test_an_answer_tells_nothing_of_this_machine_and_moves_no_cursor(
    founding: Terminal, each: Attempt
) -> None:
    _held(founding, each)


@pytest.mark.slow
@pytest.mark.parametrize("each", [each for each in ATTEMPTS if each.slow], ids=str)
def test_what_takes_too_much_is_one_sentence(founding: Terminal, each: Attempt) -> None:
    _held(founding, each)


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    [
        "COPY (SELECT 1 AS a) TO 'timeline.duckdb' (FORMAT csv, USE_TMP_FILE false)",
        "SELECT * FROM read_text('../tracker.toml')",
        "SELECT {'a': path} AS s, [path] AS l, path::BLOB AS b FROM duckdb_databases()",
    ],
)
def test_the_command_leaves_the_published_file_and_its_place_alone(
    founding: Terminal, query: str
) -> None:
    path = Path(founding.well("db").out.strip())
    before = path.read_bytes()

    said = founding("sql", query, "--format", "json")

    assert path.read_bytes() == before
    assert "tracker-" not in said.out + said.err
    assert str(founding.folder) not in said.out + said.err


def test_a_page_of_a_table_is_aligned_by_its_first_rows(founding: Terminal) -> None:
    query = "SELECT i AS number, repeat('x', i % 7) || '[b]' AS \"[red]\" FROM range(2500) t(i)"

    lines = founding.well("sql", query).out.splitlines()

    assert lines[0] == "number  [red]"
    assert lines[8] == "     7  [b]"
    assert lines[2500] == " 2,499  [b]"
    assert len(lines) == 2501
