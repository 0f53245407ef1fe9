"""Watching: what other processes record is forecast anew, and what moved much is told, once."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from events.errors import Unknown, Unusable
from events.pulse import Pulse, pulse_of
from tracker import wording
from tracker.alerts import Outbox, Receiver
from tracker.bearing import bearings
from tracker.living import Moved, due_now, moves
from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from events.facts import Fact
    from events.ledger import Ledger
    from tracker.estimator import Knowledge
    from tracker.workspace import Workspace

STATE: Final = "watch.json"
FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 60.0
"""Seconds between tries to deliver: doubled each time up to this."""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """How far the watch has looked: a position in the ledger, and the last day."""

    position: int
    day: str


@dataclass(kw_only=True)
class Watch:
    """One watch over one workspace; `say` gets a line for whoever looks on.

    What was recorded while it was dead is looked at when it returns. A digest is written down
    before the watch moves on, so none is lost; its key is the stretch of the ledger that it is
    about, so none is written twice.
    """

    place: Workspace
    receiver: Receiver
    threshold: int
    today: Callable[[], date]
    now: Callable[[], datetime]
    say: Callable[[str], None]
    pulse: Pulse = field(init=False)
    outbox: Outbox = field(init=False)
    wait: float = field(init=False, default=0.0)
    next_try: float = field(init=False, default=0.0)
    trouble: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Find the outbox, and look at the ledger from where the last watch left it."""
        self.pulse = pulse_of(self.place.ledger_place)
        self.outbox = Outbox(self.place.hidden / "outbox")

    def look(self) -> None:
        """Once: what is new, what moved, what waits to be delivered."""
        seen = self._seen()
        if self.pulse.changed() or seen is None or seen.day[:7] != self._day()[:7]:
            try:
                self._catch_up(seen)
            except (Unusable, Unknown) as error:
                self.pulse.close()
                self._complain(str(error))
        self._deliver()

    def _catch_up(self, seen: Seen | None) -> None:
        with self.place.ledger() as ledger:
            head = ledger.head()
            if seen is None:
                self._remember(Seen(position=head, day=self._day()))
                return
            key = f"{seen.position:012}-{head:012}-{self._day()}"
            waiting = [one for one in self.outbox.waiting() if one.startswith(key[:12])]
            if waiting:  # it was written down, and then we died
                head = int(waiting[-1].split("-")[1])
            elif head > seen.position or seen.day[:7] != self._day()[:7]:
                self._tell(ledger, seen, key)
        self._remember(Seen(position=head, day=self._day()))

    def _tell(self, ledger: Ledger, seen: Seen, key: str) -> None:
        """Forecast anew, and write down a digest of what moved by more than the threshold."""
        today = self.today()
        news = [entry.fact for entry in ledger.entries(after=seen.position)]
        changed = {fact.programme for fact in news}
        if seen.day[:7] != self._day()[:7]:
            changed |= self.place.followed()  # a month has passed: silence is evidence
        knowledge, wanted = due_now(self.place, ledger, changed, as_of=today)
        made = moves(
            ledger, knowledge, wanted, since=seen.position, as_of=today, now=self.now()
        )
        told = list(_noticed(made, news, knowledge, self.threshold))
        for line in told:
            self.say(line["sentence"])
        if told:
            digest = {"alert": key, "as_of": self._day(), "moves": told}
            self.outbox.put(key, digest, self.receiver.ways)

    def _deliver(self) -> None:
        """Hand over what waits; wait twice as long after each time it is not taken."""
        if not self.outbox.waiting() or time.monotonic() < self.next_try:
            return
        trouble = self.outbox.deliver(self.receiver)
        if trouble is None:
            self.wait = 0.0
            return
        self.wait = min(max(2 * self.wait, FIRST_WAIT), LONGEST_WAIT)
        self.next_try = time.monotonic() + self.wait
        waiting = wording.counted(len(self.outbox.waiting()), "alert waits", "alerts wait")
        self._complain(f"{trouble}; {waiting}")

    def _complain(self, trouble: str) -> None:
        """Say what is wrong when it begins, not each time that it still is."""
        if trouble != self.trouble:
            self.say(trouble)
        self.trouble = trouble

    def _day(self) -> str:
        return self.today().isoformat()

    def _seen(self) -> Seen | None:
        try:
            kept = json.loads((self.place.hidden / STATE).read_text())
            return Seen(position=int(kept["position"]), day=str(kept["day"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def _remember(self, seen: Seen) -> None:
        with written(self.place.hidden / STATE) as file:
            json.dump({"position": seen.position, "day": seen.day}, file)


def _noticed(
    made: list[Moved], news: list[Fact], knowledge: Knowledge, threshold: int
) -> Iterator[dict[str, Any]]:
    """The moves beyond the threshold (millionths), each with its direction and its causes."""
    bearing = bearings((move.after.programme for move in made), knowledge.opened)
    for move in made:
        before, after = move.chances
        if before is None or abs(after - before) < threshold:
            continue
        slug = move.after.programme
        causes = [fact for fact in news if fact.programme in bearing[slug]]
        said = "; ".join(fact.summary or fact.type for fact in causes) or wording.CAUSES["time"]
        direction = "up" if after > before else "down"
        yield {
            "programme": slug,
            "by": move.by.isoformat(),
            "before": before,
            "after": after,
            "direction": direction,
            "causes": [{"event": fact.id, "type": fact.type} for fact in causes],
            "sentence": (
                f"{slug}: P(start by {wording.day(move.by)}) {direction} from "
                f"{wording.percent(before)} to {wording.percent(after)}: {said}"
            ),
        }
