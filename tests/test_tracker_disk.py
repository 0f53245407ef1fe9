"""Disks that are full, or may not be written to: mounted in a namespace of their own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Terminal

ROOT = Path(__file__).resolve().parent.parent
UNSHARE = shutil.which("unshare")
APART = [UNSHARE or "unshare", "--mount", "--map-root-user"]


def _is_apart() -> bool:
    """Whether this system lets us mount what nobody else sees."""
    tried = [*APART, "sh", "-c", "mount -t tmpfs tmpfs /mnt"]
    return UNSHARE is not None and not subprocess.run(tried, check=False).returncode


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not _is_apart(), reason="no mount namespaces: not Linux, or not allowed"
    ),
]

WRITING = [
    "record leapmotor-mirafiori noted --when 2026-01",
    "retract 43a21ec5 --reason x",
    "amend 43a21ec5 --when 2024",
    "open car-at-x --title X",
    "import big.ndjson",
    "forecast leapmotor-mirafiori --as-of 2024-06-30",
    "rebuild",
    "export -o story.ndjson",
    "follow byd-szeged",
    "init new",
]

FULL = """
mount -t tmpfs -o size=12m tmpfs mounted && cp -a europe/. mounted && cd mounted || exit 99
dd if=/dev/zero of=filler bs=4k 2>/dev/null
truncate -s -${ROOM}k filler
"""
READ_ONLY = """
mount --bind europe mounted && mount -o remount,ro,bind mounted && cd mounted || exit 99
"""
READ_ONLY_FILE = """
mount --bind europe mounted && cd mounted && mount --bind ledger.sqlite ledger.sqlite || exit 99
mount -o remount,ro,bind ledger.sqlite || exit 99
"""
THEN = """
"$PYTHON" -m tracker "$@"; code=$?
rm -f filler 2>/dev/null
{ "$PYTHON" -m tracker export; find . -type f ! -name lock | sort; } >../after 2>../why
exit $code
"""


def mounted(
    founding: Terminal, folder: Path, mount: str, *words: str, room: int = 0
) -> subprocess.CompletedProcess[str]:
    """A command in a workspace that is mounted so; `after` holds the files and the journal."""
    here = folder / "europe"
    shutil.copytree(founding.folder, here)
    (folder / "mounted").mkdir()
    lines = [
        f'{{"programme": "byd-szeged", "type": "noted", "occurred": "2024", "summary": "{n}"}}'
        for n in range(3000)
    ]
    (here / "big.ndjson").write_text("\n".join(lines))
    founding.well("export")
    return subprocess.run(
        [*APART, "sh", "-c", mount + THEN, "sh", *words],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHON": sys.executable,
            "ROOM": str(room),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def refused_or_done(said: subprocess.CompletedProcess[str]) -> bool:
    """One sentence and an exit code, or the command's answer."""
    assert said.returncode in {0, 1}, said.stderr
    assert "Traceback" not in said.stderr
    errors = [line for line in said.stderr.splitlines() if line.startswith("error: ")]
    assert len(errors) == said.returncode
    return not said.returncode


@pytest.mark.parametrize(
    ("words", "room"),
    [
        *((words, 44) for words in WRITING),
        *(
            (words, 0)
            for words in ("events", "record leapmotor-mirafiori noted --when 2026-01")
        ),
        *((words, 1000) for words in ("import big.ndjson", "rebuild")),
    ],
)
def test_on_a_full_disk_a_command_does_all_or_nothing_and_says_so(
    founding: Terminal, tmp_path_factory: pytest.TempPathFactory, words: str, room: int
) -> None:
    before = founding.well("export").out
    folder = tmp_path_factory.mktemp("full")

    said = mounted(founding, folder, FULL, *shlex.split(words), room=room)

    done = refused_or_done(said)
    left = (folder / "after").read_text()
    files = [line for line in left.splitlines() if line.startswith("./")]
    journal = "".join(line + "\n" for line in left.splitlines() if line.startswith("{"))
    expected = {"./big.ndjson", "./ledger.sqlite", "./timeline.duckdb", "./tracker.toml"}
    extra = {file for file in files if not file.startswith("./.tracker/")} - expected
    assert not (folder / "why").read_text()
    if not done:
        assert not extra
        assert ("It is recorded" in said.stderr) == (journal != before)
    assert not [file for file in files if "next.duckdb" in file or file.count(".") > 4]


@pytest.mark.parametrize("words", [words for words in WRITING if words != "rebuild"])
def test_in_a_read_only_folder_a_command_says_so(
    founding: Terminal, tmp_path_factory: pytest.TempPathFactory, words: str
) -> None:
    folder = tmp_path_factory.mktemp("read-only")

    said = mounted(founding, folder, READ_ONLY, *shlex.split(words))

    assert not refused_or_done(said)
    assert said.stdout == ""


def test_a_read_only_ledger_is_read_and_not_written(
    founding: Terminal, tmp_path_factory: pytest.TempPathFactory
) -> None:
    words = "record leapmotor-mirafiori noted --when 2026-01"

    read = mounted(founding, tmp_path_factory.mktemp("read"), READ_ONLY_FILE, "events")
    said = mounted(founding, tmp_path_factory.mktemp("file"), READ_ONLY_FILE, *words.split())

    assert (read.returncode, read.stdout) == (0, founding.well("events").out)
    assert not refused_or_done(said)
    assert "it may not be written to" in said.stderr


@pytest.mark.parametrize(
    "words",
    [
        "programmes",
        "events leapmotor-mirafiori",
        "sql 'SELECT count(*) FROM events'",
        "show leapmotor-mirafiori",
        "forecast leapmotor-mirafiori --dry-run",
        "verify",
    ],
)
def test_a_read_only_workspace_is_read_as_any_other(
    founding: Terminal,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    words: str,
) -> None:
    folder = tmp_path_factory.mktemp("read-only")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "caches"))
    expected = founding.well(*shlex.split(words)).out

    said = mounted(founding, folder, READ_ONLY, *shlex.split(words))

    assert (said.returncode, said.stderr, said.stdout) == (0, "", expected)


def test_an_answer_that_cannot_be_written_is_one_sentence(founding: Terminal) -> None:
    for words in (
        "events",
        "export",
        "date 2026",
        "sql 'SELECT 1'",
        "sql 'FROM range(999999)' --format csv",
    ):
        command = f"{shlex.quote(sys.executable)} -m tracker {words} > /dev/full"

        said = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=founding.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

        assert said.returncode == 1
        assert said.stderr == "error: standard output: no space left on device.\n"
