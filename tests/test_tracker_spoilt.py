"""Files that were spoilt: what can be made anew is, and that is said; the rest is told."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Said, Terminal

PAGE = 4096
COUNT = ("sql", "SELECT count(*) AS n, sum(position) AS s FROM events", "--format", "csv")


@pytest.fixture
def told(empty: Terminal) -> Terminal:
    """A workspace with forty events, a head that is known, and a backup."""
    lines = [
        {"programme": "car-at-x", "type": "noted", "occurred": "2024", "summary": f"Note {n}."}
        for n in range(39)
    ]
    empty.well("open", "car-at-x", "--title", "X", "--when", "2024-01-01", "--no-forecast")
    journal = "".join(json.dumps(line) + "\n" for line in lines)
    empty.well("import", "-", "--no-forecast", given=journal)
    empty.well("backup", "kept.sqlite")
    return empty


def foreign(file: Path) -> None:
    file.unlink()
    with duckdb.connect(file) as connection:
        connection.execute("CREATE TABLE events (id INTEGER)")


def of_a_newer_duckdb(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[12:20] = (999).to_bytes(8, "little")  # behind the checksum and `DUCK`
    file.write_bytes(data)


def of_another_form(file: Path) -> None:
    with duckdb.connect(file) as connection:
        connection.execute(
            "UPDATE tracking SET notification_id = 0 WHERE application_name = 'form'"
        )


def flipped(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 255
    file.write_bytes(data)


DAMAGED = "is damaged, or was changed by something else"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda file: file.unlink(), "is gone"),
        (lambda file: file.write_bytes(file.read_bytes()[:300_000]), DAMAGED),
        (lambda file: file.write_bytes(b""), DAMAGED),
        (lambda file: file.write_bytes(b"no database" * 999), DAMAGED),
        (foreign, DAMAGED),
        (of_a_newer_duckdb, DAMAGED),
        (of_another_form, DAMAGED),
        (flipped, DAMAGED),
        (
            lambda file: file.with_name("timeline.duckdb.wal").write_bytes(b"x" * 99),
            "has a log beside it that something else wrote",
        ),
    ],
)
def test_a_spoilt_timeline_is_made_anew_unasked_and_that_is_said(
    told: Terminal, spoil: Callable[[Path], object], why: str
) -> None:
    before = told.well(*COUNT).out
    spoil(told.folder / "timeline.duckdb")

    first = told.well(*COUNT)
    again = told.well(*COUNT)

    assert first.out == again.out == before
    assert first.err == f"timeline.duckdb {why}: it is made anew from the ledger\n"
    assert again.err == ""
    assert not (told.folder / "timeline.duckdb.wal").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (foreign, "cannot be read"),
        (of_a_newer_duckdb, "cannot be read"),
        (of_another_form, "is of another version of Tracker"),
    ],
)
def test_a_timeline_that_nobody_remembers_is_looked_into(
    told: Terminal, spoil: Callable[[Path], object], why: str
) -> None:
    before = told.well(*COUNT).out
    spoil(told.folder / "timeline.duckdb")
    shutil.rmtree(told.folder / ".tracker")

    said = told.well(*COUNT)

    assert said.out == before
    assert said.err == f"timeline.duckdb {why}: it is made anew from the ledger\n"


@pytest.mark.slow
def test_a_page_that_rots_unseen_is_one_sentence_until_it_is_made_anew(told: Terminal) -> None:
    file = told.folder / "timeline.duckdb"
    before = told.well("programmes").out
    whole, moment = file.read_bytes(), file.stat()
    answers = []
    for place in range(20_000, len(whole), len(whole) // 30):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 255]) + whole[place + 1 :])
        os.utime(file, ns=(moment.st_atime_ns, moment.st_mtime_ns))
        answers.append(told("programmes"))
    refused = [said.err for said in answers if said.code]
    told.well("rebuild")

    assert set(refused) == {
        "error: The timeline is damaged. Make it anew with: tracker rebuild\n"
    }
    assert {said.out for said in answers if not said.code} == {before}
    assert told.well("programmes").out == before


def test_a_copied_workspace_keeps_its_timeline(told: Terminal) -> None:
    told.well("db")
    copied = told.folder / "copied"
    copied.mkdir()
    for name in ("tracker.toml", "ledger.sqlite", "timeline.duckdb", ".tracker"):
        copy = shutil.copytree if name == ".tracker" else shutil.copyfile
        copy(told.folder / name, copied / name)

    said = told.well("--workspace", "copied", "db")

    assert said.err == ""


def refused_or_whole(said: Said) -> bool:
    assert said.code in {0, 1}, said.err
    assert said.err.count("error: ") == said.code
    return not said.code


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_a_spoilt_ledger_is_found_out_and_a_backup_mends_it(told: Terminal, seed: int) -> None:
    rng = np.random.default_rng(seed)
    journal = told.well("export").out
    file = told.folder / "ledger.sqlite"
    data = bytearray(file.read_bytes())
    page = int(rng.integers(len(data) // PAGE))
    match seed % 4:
        case 0:
            data[int(rng.integers(len(data)))] ^= 1 << int(rng.integers(8))
        case 1:
            data[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
        case 2:
            data = data[: int(rng.integers(PAGE, len(data)))]
        case _:
            for _ in range(20):
                data[int(rng.integers(len(data)))] = int(rng.integers(256))
    file.write_bytes(data)

    whole = refused_or_whole(told("verify"))
    answers = [told(*words) for words in (["export"], ["events"], ["programmes"], ["rebuild"])]
    written = told("record", "car-at-x", "noted", "--when", "2024", "--no-forecast")
    restored = told("restore", "kept.sqlite", "--force")

    assert not whole or answers[0].out == journal
    for said in (*answers, written):
        refused_or_whole(said)
    assert restored.code == 0, restored.err
    assert told.well("export").out == journal
    assert "40 entries are whole" in told.well("verify").out


@pytest.mark.parametrize("content", [b"", b"no database" * 999])
def test_a_ledger_that_is_none_any_more_is_one_sentence_and_restored(
    told: Terminal, content: bytes
) -> None:
    (told.folder / "ledger.sqlite").write_bytes(content)

    said = [told(*words) for words in (["events"], ["verify"], ["programmes"])]
    told.well("restore", "kept.sqlite")

    assert {one.code for one in said} == {1}
    assert all("Restore a backup" in one.err for one in said)
    assert "40 entries are whole" in told.well("verify").out


def test_a_log_that_was_thrown_away_is_missed_by_who_kept_the_head(told: Terminal) -> None:
    dies = (
        "import os, sys; from pathlib import Path; from datetime import *\n"
        "from events import lines; from events.ledger import Ledger\n"
        "line = {'programme': 'car-at-x', 'type': 'noted', 'occurred': '2025'}\n"
        "with Ledger.at(Path('ledger.sqlite')) as ledger:\n"
        "    fact = lines.to_fact(line, today=date(2026, 1, 1))\n"
        "    ledger.append([fact], after={'car-at-x': 40}, now=datetime.now(UTC))\n"
        "    print(ledger.verified()[0], flush=True); os.kill(os.getpid(), 9)"
    )
    died = subprocess.run(
        [sys.executable, "-c", dies],
        cwd=told.folder,
        env={"PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )
    head = died.stdout.strip()
    for end in ("-wal", "-shm"):
        (told.folder / f"ledger.sqlite{end}").unlink()

    said = told("verify", "--head", head)

    assert died.returncode == -signal.SIGKILL
    assert "40 entries are whole" in told.well("verify").out
    assert said.code == 1
    assert "it ends with entry 40; a head of 41 was kept" in said.err


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (".tracker/followed", b"\xff\xfe\x00", "followed is damaged"),
        (".tracker/followed", b"{not a slug}", "followed is damaged"),
        ("tracker.toml", b"\xff\xfe\x00", "tracker.toml"),
        ("tracker.toml", b"ledger = ", "tracker.toml"),
        ("tracker.toml", b"ledgre = 'x'", "there is no setting 'ledgre'"),
    ],
)
def test_a_damaged_setting_is_one_sentence(
    told: Terminal, file: str, content: bytes, sentence: str
) -> None:
    (told.folder / file).write_bytes(content)

    said = told("programmes")

    assert said.code == 4
    assert sentence in said.err
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("name", ["published.json", "last.json", "lock"])
def test_what_can_be_lost_may_be_garbage(told: Terminal, name: str) -> None:
    before = told.well(*COUNT).out
    (told.folder / ".tracker" / name).write_bytes(b"\xff{")

    told.well("record", "car-at-x", "noted", "--when", "2024", "--no-forecast")
    said = told.well(*COUNT)

    assert said.err == ""
    assert said.out != before


def test_a_clock_that_was_set_back_reorders_nothing(told: Terminal) -> None:
    noted = ("record", "car-at-x", "noted", "--when", "2024", "--no-forecast")
    told.well(*noted, "--summary", "Last.")

    told.well(*noted, "--summary", "Before.", today="2025-06-30")

    latest = json.loads(told.well("events", "--format", "ndjson").out.splitlines()[-1])
    assert (latest["known_on"], latest["summary"]) == ("2026-11-22", "Last.")
    then = told.well("events", "--format", "ndjson", today="2025-06-30").out
    assert "Before." in then
    assert "42 entries are whole" in told.well("verify").out
    before = told.well(*COUNT).out
    told.well("rebuild")
    assert told.well(*COUNT).out == before


def test_what_a_file_may_not_grow_to_is_not_recorded_and_told(told: Terminal) -> None:
    lines = [
        {"programme": "car-at-x", "type": "noted", "occurred": "2024", "summary": "x" * 900}
        | {"id": f"00000000-0000-4000-8000-{n:012}"}
        for n in range(3000)
    ]
    (told.folder / "big.ndjson").write_text("".join(json.dumps(one) + "\n" for one in lines))
    limited = ["/bin/sh", "-c", 'ulimit -f 400; exec "$@"', "sh"]

    said = told.apart("import", "big.ndjson", before=limited)

    assert said.returncode == 1
    assert said.stderr.startswith("error: The ledger: the disk failed or is full")
    assert "40 entries are whole" in told.well("verify").out


@pytest.mark.slow
def test_who_reads_no_further_gets_no_complaint_and_a_pipes_exit_code(told: Terminal) -> None:
    for words in ("events", "export", "programmes --all", "sql 'FROM events'"):
        command = f"{shlex.quote(sys.executable)} -m tracker {words} | true; echo $?"
        piped = f"set -o pipefail; {command}"

        said = subprocess.run(
            ["/bin/bash", "-c", piped],
            cwd=told.folder,
            env={"PYTHONPATH": ":".join(sys.path), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=False,
        )

        assert (said.stdout, said.stderr) == ("141\n", "")
