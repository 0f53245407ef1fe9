"""What must hold after a death: nothing lost, doubled or torn; the timeline is the ledger's."""

import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from deeds import Deed
from mortal import Life, answered, command, lived

RECORDED = ("recorded_reports", "recorded_others")
"""The tables that hold a row of every event."""

OURS = (
    "ledger.sqlite",
    "ledger.sqlite-wal",
    "ledger.sqlite-shm",
    "timeline.duckdb",
    "tracker.toml",
    ".tracker",
    ".tracker/lock",
    ".tracker/followed",
    ".tracker/last.json",
    ".tracker/published.json",
    ".tracker/cache",
    ".tracker/next.duckdb",
    ".tracker/next.duckdb.wal",
    "tmp",
)
"""What a workspace is made of; cached files and these are no strays."""

REFERENCE = 100
"""Programmes that the shipped reference class has at least."""


Digests = dict[str, list[int]]
"""By table, how many rows there are, and the sum of their hashes."""


@dataclass(kw_only=True)
class Accounts:
    """What was acknowledged so far, by mark, and what was found to be wrong."""

    folder: Path
    facts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)
    strays: set[str] = field(default_factory=set)

    def settle(self, deed: Deed, life: Life, *, acknowledged: bool, whole: bool) -> None:
        """Look at everything after a command has died, or has ended."""
        if life.code not in {0, None}:
            self._fault("refused", f"{deed.words}: exit {life.code}: {life.err}")
        shown = self._next_commands(deed)
        found, forecasts, entries = self._held()
        self._all_or_none(deed, found, forecasts, acknowledged=acknowledged)
        for mark, count in self.facts.items():
            if found[mark] != count:
                kind = "lost" if found[mark] < count else "duplicated"
                self._fault(kind, f"{mark}: {found[mark]} of {count} after {deed.words}")
        self._file(deed, acknowledged=acknowledged)
        self._promised(deed, there=bool(deed.mark and found[deed.mark]))
        facts = sum(shown[table][0] for table in RECORDED)
        counts = (facts, shown["forecasts"][0])
        if counts != entries:
            self._fault("disagreeing", f"{counts} rows of {entries} after {deed.words}")
        if whole and shown != self._rebuilt():
            self._fault("disagreeing", f"other rows than a rebuild after {deed.words}")
        self.strays = max(self.strays, set(self._strays()), key=len)

    def _fault(self, kind: str, sentence: str) -> None:
        self.faults[kind] += 1
        self.said.append(f"{kind}: {sentence}")

    def _next_commands(self, deed: Deed) -> Digests:
        """The next commands work and have nothing to remark; what the timeline then holds."""

        def ask() -> int:
            for words in (["verify"], ["db"]):
                if code := command(words):
                    return code
            print(json.dumps(digests(self.folder / "timeline.duckdb")))
            return 0

        life = answered(ask, self.folder)
        if life.code or life.err:
            kind = "torn" if "verify" in life.err or "not what" in life.err else "refused"
            self._fault(kind, f"after {deed.words}: exit {life.code}: {life.err}")
        return _last(life.out)

    def _next_command(self, deed: Deed, *words: str) -> None:
        """Likewise one that is named."""
        life = lived(words, self.folder)
        if life.code or life.err:
            self._fault("torn", f"{words} after {deed.words}: exit {life.code}: {life.err}")

    def _held(self) -> tuple[Counter[str], Counter[str], tuple[int, int]]:
        """Facts by their mark, forecasts by their day, and how many of each; all decodable."""
        facts: Counter[str] = Counter()
        forecasts: Counter[str] = Counter()
        ids: Counter[str] = Counter()
        address = f"file:{self.folder / 'ledger.sqlite'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as ledger:
            for topic, state in ledger.execute("SELECT topic, state FROM stored_events"):
                fact = json.loads(state)["fact"]
                if topic == "forecast-issued":
                    forecasts[fact["as_of"]] += 1
                else:
                    facts[fact.get("summary", "")] += 1
                    ids[fact["id"]] += 1
        for id, count in ids.items():
            if count > 1:
                self._fault("duplicated", f"event {id} {count} times")
        return facts, forecasts, (facts.total(), forecasts.total())

    def _all_or_none(
        self, deed: Deed, facts: Counter[str], forecasts: Counter[str], *, acknowledged: bool
    ) -> None:
        """A deed's own: there if it said so, whole if it is there; it counts from here on."""
        day = deed.day.isoformat() if deed.day else ""
        own = facts[deed.mark] if deed.mark else 0
        for found, owed in ((own, deed.facts), (forecasts[day], deed.forecasts)):
            if found not in {0, owed}:
                self._fault("torn", f"{found} of {owed}: {deed.words}")
            if acknowledged and found < owed:
                self._fault("lost", f"{found} of {owed}: {deed.words}")
        if own:
            self.facts[deed.mark] = own

    def _file(self, deed: Deed, *, acknowledged: bool) -> None:
        """A file that a deed writes is there if it said so, and whole if it is there."""
        if deed.file is None:
            return
        if deed.file.exists() and not _whole(deed.file):
            self._fault("torn", f"{deed.file.name}: {deed.words}")
        if acknowledged and not deed.file.exists():
            self._fault("lost", f"{deed.file.name}: {deed.words}")
        for end in ("", "-wal", "-shm"):
            deed.file.with_name(deed.file.name + end).unlink(missing_ok=True)

    def _promised(self, deed: Deed, *, there: bool) -> None:
        """What is opened is followed, and a workspace that was begun can be founded."""
        followed = (self.folder / ".tracker" / "followed").read_text().split()
        if deed.follows and there and deed.follows not in followed:
            self._fault("lost", f"{deed.follows} is not followed: {deed.words}")
        if deed.founds:
            life = lived(["init", str(deed.founds)], self.folder)
            self._next_command(deed, "--workspace", str(deed.founds), "verify")
            programmes = lived(["--workspace", str(deed.founds), "export"], self.folder).out
            if life.code not in {0, 5} or programmes.count("programme-opened") < REFERENCE:
                self._fault("torn", f"{deed.words}: then {life.code} {life.err}")
            shutil.rmtree(deed.founds)

    def _rebuilt(self) -> Digests:
        """The rows of a timeline that another workspace builds from the same ledger."""
        other = self.folder.parent / "mirror"
        (other / ".tracker").mkdir(parents=True, exist_ok=True)
        (other / "tracker.toml").write_text(f'ledger = "../{self.folder.name}/ledger.sqlite"\n')
        followed = (self.folder / ".tracker" / "followed").read_text()
        (other / ".tracker" / "followed").write_text(followed)

        def ask() -> None:
            command(["rebuild"])
            print(json.dumps(digests(other / "timeline.duckdb")))

        return _last(answered(ask, other).out)

    def _strays(self) -> Iterator[str]:
        """Files that nobody needs: beside the workspace, in it, or in its temporary folder."""
        allowed = {"journal.ndjson", "kept.sqlite", "mirror", self.folder.name}
        for path in self.folder.parent.iterdir():
            if path.name.removesuffix("-wal").removesuffix("-shm") not in allowed:
                yield path.name
        for path in self.folder.rglob("*"):
            name = path.relative_to(self.folder).as_posix()
            cached = name.startswith(".tracker/cache/") and not path.name.startswith(".")
            if name not in OURS and not cached:
                yield name


def _whole(file: Path) -> bool:
    """Whether a backup or a journal can be read to its end."""
    if file.suffix == ".ndjson":
        text = file.read_text("utf-8")
        return text.endswith("\n") and all(json.loads(line) for line in text.splitlines())
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as backup:
        (said,) = backup.execute("PRAGMA integrity_check").fetchone()
        entries, links = backup.execute(
            "SELECT count(*), count(link) FROM stored_events"
        ).fetchone()
    return bool(said == "ok" and entries == links > 0)


def _last(said: str) -> Digests:
    """What was printed last; rows that cannot be where nothing was."""
    lines = said.splitlines() or [""]
    if not lines[-1].startswith("{"):
        return {table: [-1] for table in (*RECORDED, "forecasts")}
    return dict(json.loads(lines[-1]))


def digests(timeline: Path) -> Digests:
    """Rows and their hash, by table; DuckDB starts threads, which a fork must not inherit."""
    import duckdb  # noqa: PLC0415 - as above

    with duckdb.connect(timeline, read_only=True) as connection:
        names = "SELECT table_name FROM duckdb_tables() ORDER BY 1"
        tables = [row[0] for row in connection.execute(names).fetchall()]
        asked = " UNION ALL ".join(
            f"SELECT '{name}', count(*), coalesce(sum(hash(t)::HUGEINT), 0) FROM {name} AS t"  # noqa: S608 - names of DuckDB's own
            for name in tables
        )
        return {name: [*told] for name, *told in connection.execute(asked).fetchall()}
