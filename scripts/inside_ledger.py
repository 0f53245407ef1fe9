"""What is measured of ledgers and timelines inside a process; each prints its watch last."""

SINGLE = """
import sys, time, sqlite3
from datetime import UTC, date, datetime
from pathlib import Path
from events.ledger import Ledger
from events.lines import to_fact
from events.entries import PlainMapper
count, folder = int(sys.argv[1]), Path(sys.argv[2])
line = {"programme": "plant", "type": "noted", "occurred": "2024", "known_on": "2024-01-01"}
facts = [to_fact(line | {"summary": f"Note {number}, a sentence of a source."}, today=date.max)
         for number in range(count)]
now = datetime.now(UTC)
for old in folder.glob("single*"):
    old.unlink()
"""
APPEND = (
    SINGLE
    + """
from eventsourcing.persistence import StoredEvent
from events.entries import stored
made = [[StoredEvent("plant", version, fact.type, stored(fact, now))]
        for version, fact in enumerate(facts, 1)]
with Ledger.at(folder / "single.sqlite", create=True) as ledger:
    watch = Watch()
    for one in made:
        ledger.recorder.insert_events(one)
    print(watch)
"""
)
ADDED = (
    SINGLE
    + """
with Ledger.at(folder / "single.sqlite", create=True) as ledger:
    watch = Watch()
    for version, fact in enumerate(facts):
        ledger.append([fact], after={"plant": version}, now=now)
    print(watch)
"""
)
RAW = """
def raw(path):
    store = sqlite3.connect(path, isolation_level=None)
    store.execute("PRAGMA journal_mode=WAL")
    assert store.execute("PRAGMA synchronous").fetchone() == (2,), "FULL, as the ledger's"
    store.execute("CREATE TABLE stored_events (originator_id TEXT, originator_version INTEGER,"
                  " topic TEXT, state BLOB, PRIMARY KEY (originator_id, originator_version))")
    return store
"""
RAW_APPEND = (
    SINGLE
    + RAW
    + """
from events.entries import stored
rows = [("plant", version, fact.type, stored(fact, now))
        for version, fact in enumerate(facts, 1)]
store = raw(folder / "single-raw.sqlite")
watch = Watch()
for row in rows:
    store.execute("BEGIN")
    store.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?)", row)
    store.execute("COMMIT")
print(watch)
"""
)
MANY_STORED = """
import sys, time, sqlite3, json
from datetime import UTC, date, datetime
from pathlib import Path
from eventsourcing.persistence import StoredEvent
from events.entries import stored
from events.ledger import Ledger
from events.lines import to_fact
folder, journal = Path(sys.argv[1]), Path(sys.argv[2])
for old in folder.glob("bulk*"):
    old.unlink()
versions, events = {}, []
for line in journal.open("rb"):
    fact = to_fact(json.loads(line), today=date.max)
    versions[fact.programme] = version = versions.get(fact.programme, 0) + 1
    events.append((fact.programme, version, fact.type, stored(fact, datetime.now(UTC))))
"""
BULK = (
    MANY_STORED
    + """
made = [StoredEvent(*event) for event in events]
with Ledger.at(folder / "bulk.sqlite", create=True) as ledger:
    watch = Watch()
    ledger.recorder.insert_events(made)
    print(watch)
"""
)
RAW_BULK = (
    MANY_STORED
    + RAW
    + """
store = raw(folder / "bulk-raw.sqlite")
watch = Watch()
store.execute("BEGIN")
store.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", events)
store.execute("COMMIT")
print(watch)
"""
)
BY_HAND = """
import json, sqlite3, sys
store = sqlite3.connect(sys.argv[2])
store.execute("PRAGMA journal_mode=WAL")
store.execute("CREATE TABLE events (programme TEXT, version INTEGER, type TEXT, known_on TEXT,"
              " line BLOB, PRIMARY KEY (programme, version))")
versions = {}
def rows():
    for line in open(sys.argv[1], "rb"):
        told = json.loads(line)
        versions[told["programme"]] = version = versions.get(told["programme"], 0) + 1
        yield told["programme"], version, told["type"], told["known_on"], line
with store:
    store.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?)", rows())
"""
PLACE = """
import sys, time
from pathlib import Path
from tracker import timeline, workspace
place = workspace.at(Path.cwd())
"""
VERIFY = (
    PLACE
    + """
with place.ledger() as ledger:
    watch = Watch()
    head, fault = ledger.verified()
    took = str(watch)
assert fault is None and head.count >= int(sys.argv[1]), (head, fault)
print(took)
"""
)
SCAN = """
import sqlite3, sys
ledger = sqlite3.connect(sys.argv[1])
for row in ledger.execute("SELECT rowid, * FROM stored_events"): pass
"""
CAUGHT_UP = (
    PLACE
    + """
from tracker.entering import enter
line = {"programme": "plant-0", "type": "noted", "occurred": "2024", "known_on": "2024-01-01"}
with place.ledger() as ledger:
    timeline.catch_up(place, ledger)
    enter(ledger, line | {"summary": str(time.time())}, today=workspace.today(),
          now=workspace.now())
    watch = Watch()
    timeline.catch_up(place, ledger)
    print(watch)
"""
)
REBUILT = (
    PLACE
    + """
watch = Watch()
timeline.rebuild(place)
print(watch)
"""
)
ASKED = """
def middle(ask):
    ask()
    took = []
    for _ in range(5):
        watch = Watch()
        ask()
        took.append(str(watch))
    return sorted(took, key=lambda told: float(told.split()[0]))[2]
"""
AS_OF = (
    PLACE
    + ASKED
    + """
day = "DATE '2006-06-30'"
connection = timeline.connect(place)
connection.execute(f"CREATE TEMP TABLE cut AS SELECT * FROM timeline_as_of({day})")
source = {"macro": f"timeline_as_of({day})", "cut": "cut"}[sys.argv[1]]
asked = (f"SELECT programme, count(*), max(known_on), sum(volume) FROM {source} GROUP BY 1",
         f"SELECT type, count(*) FROM {source} GROUP BY 1")
print(middle(lambda: [connection.execute(one).fetchall() for one in asked]))
"""
)
STAGES = (
    PLACE
    + ASKED
    + """
connection = timeline.connect(place)
asked = "SELECT stage, count(*) FROM programmes_as_of(DATE '2006-06-30') GROUP BY 1"
print(middle(lambda: connection.execute(asked).fetchall()))
"""
)
QUERIES = (
    PLACE
    + ASKED
    + """
connection = timeline.connect(place)
asked = (
    "SELECT type, year(known_on), count(*) FROM recorded GROUP BY ALL ORDER BY ALL",
    "SELECT programme, sum(volume) FROM recorded WHERE type = 'volume-reported'"
    " GROUP BY 1 ORDER BY 1",
    "SELECT programme, max(capacity_per_year) FROM recorded WHERE known_on <= DATE '2006-06-30'"
    " GROUP BY 1 ORDER BY 1",
)
print(middle(lambda: [connection.execute(one).fetchall() for one in asked]))
"""
)
EXTRACTED = """
import sqlite3, sys, time
ledger = sqlite3.connect(sys.argv[1])
def key(name): return f"json_extract(state, '$.fact.{name}')"
asked = (
    f"SELECT topic, substr({key('known_on')}, 1, 4), count(*) FROM stored_events"
    " GROUP BY 1, 2 ORDER BY 1, 2",
    f"SELECT originator_id, sum({key('volume')}) FROM stored_events"
    " WHERE topic = 'volume-reported' GROUP BY 1 ORDER BY 1",
    f"SELECT originator_id, max({key('capacity_per_year')}) FROM stored_events"
    f" WHERE {key('known_on')} <= '2006-06-30' GROUP BY 1 ORDER BY 1",
)
watch = Watch()
for one in asked:
    ledger.execute(one).fetchall()
print(watch)
"""
