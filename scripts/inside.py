"""What is measured inside a process: scripts that print the seconds of their last part."""

MANY = """
import sys, time
from datetime import date
from pathlib import Path
from events import journal
from tracker.importing import shipped
told = {}
for line in journal.read(shipped("automotive")[1], "a", today=date.max)[0]:
    told.setdefault(line.fact.programme, []).append(line.fact)
day, count = date(2024, 6, 30), int(sys.argv[1])
"""
STARTS = (
    MANY
    + """
from forecasts import belief, features, history, start
seen = [each for each in (history.snapshot(one, day) for one in told.values()) if each]
seen = [each for each in seen if each.status is history.Status.OPEN]
seen = (seen * (count // len(seen) + 1))[:count]
learned = start.learn(told, as_of=day)
began = time.perf_counter()
start.run(features.columns(seen), learned, as_of=day, belief=belief.shipped())
print(time.perf_counter() - began)
"""
)
VOLUMES = (
    MANY
    + """
from forecasts import start, volume
wanted = [slug for slug in told if told[slug][0].known_on <= day]
starts = start.forecast(told, as_of=day, wanted=wanted)
open_ = [(told[slug], made) for slug, made in starts.items() if made.never > 0]
cases = [volume.Case(told=one, start=made) for one, made in open_]
cases = (cases * (count // len(cases) + 1))[:count]
volume.forecast_many(cases[:100])
began = time.perf_counter()
volume.forecast_many(cases)
print(time.perf_counter() - began)
"""
)
EVENT = (
    MANY
    + """
from tempfile import TemporaryDirectory
from tracker import estimator, living, workspace
from tracker.entering import enter
from tracker.importing import bring_in
with TemporaryDirectory() as folder:
    place = workspace.create(Path(folder) / "bench")
    today, now = workspace.today(), workspace.now()
    with place.ledger() as ledger:
        bring_in(ledger, [shipped("automotive"), shipped("leapmotor")], today=date.max, now=now)
        place.follow(["leapmotor-mirafiori"])
        for number in range(6):
            line = {"programme": "leapmotor-mirafiori", "type": "evidence-for",
                    "occurred": "2026", "known_on": today.isoformat(), "summary": str(number)}
            began = time.perf_counter()
            entry = enter(ledger, line, today=today, now=now)
            knowledge, due = living.due_now(place, ledger, ["leapmotor-mirafiori"], as_of=today)
            made = estimator.estimate(knowledge, due, as_of=today)
            estimator.issue(ledger, made, now=now)
            took = time.perf_counter() - began
print(took)
"""
)
