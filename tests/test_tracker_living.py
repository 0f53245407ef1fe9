from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from events.ledger import Ledger
from tracker import estimator, issuing, workspace
from tracker.importing import shipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Terminal

P = "leapmotor-mirafiori"
ROOT = Path(__file__).resolve().parent.parent


def issued(terminal: Terminal, slug: str = P) -> int:
    with Ledger.at(terminal.folder / "ledger.sqlite") as ledger:
        return len(ledger.forecasts(slug))


@pytest.mark.slow
def test_the_parts_of_a_move_add_up_to_it_exactly(founding: Terminal) -> None:
    told = founding.well(
        "why", P, "--since", "2024-05-01", "--as-of", "2024-12-31", "--format", "json"
    ).rows

    assert told["before"] + sum(part["delta"] for part in told["parts"]) == told["after"]
    volume = told["volume"]
    moved = sum(part["volume_delta"] for part in told["parts"])
    assert volume["before"] + moved == volume["after"]
    assert told["before"] > told["after"]


@pytest.mark.slow
def test_a_move_ends_where_the_forecast_of_that_day_stands(founding: Terminal) -> None:
    day = ("--as-of", "2024-12-31")
    told = founding.well("why", P, "--by", "2027-12-31", *day, "--format", "json").rows
    (said,) = founding.well("forecast", P, *day, "--dry-run", "--format", "json").rows

    chances = {one["date"]: one["probability"] for one in said["start"]["by"]}
    assert told["after"] / 1e6 == chances["2027-12-31"]


@pytest.mark.slow
def test_judged_evidence_is_marked_and_a_chosen_rival_lowers_the_chance(
    founding: Terminal,
) -> None:
    told = founding.well(
        "why", P, "--since", "2024-06-20", "--as-of", "2024-06-30", "--format", "json"
    ).rows

    (rival,) = [p for p in told["parts"] if p["type"] == "rival-site-selected"]
    assert rival["judged"]
    assert rival["delta"] < 0
    assert rival["grade"] == "B3"
    assert not any(part["judged"] for part in told["parts"] if part["event"] is None)


@pytest.mark.slow
def test_what_became_known_after_the_day_explains_nothing(founding: Terminal) -> None:
    before = founding.well("why", P, "--as-of", "2024-10-31", "--format", "json").out
    founding.well("record", P, "site-favoured", "--when", "2024-05", "--known-on", "2024-11-01")

    assert founding.well("why", P, "--as-of", "2024-10-31", "--format", "json").out == before


def test_whatif_moves_the_forecast_and_records_nothing(founding: Terminal) -> None:
    head = founding.well("verify").out
    told = founding.well("whatif", P, "site-selected", "--grade", "A1", "--format", "json").rows

    assert told["after"] > told["before"]
    assert [part["type"] for part in told["parts"]] == ["site-selected"]
    assert founding.well("verify").out == head


def test_whatif_takes_an_event_away(founding: Terminal) -> None:
    ruled_out = founding.well("events", P, "--type", "site-ruled-out", "--format", "json").rows
    told = founding.well("whatif", P, "--without", ruled_out[0]["id"], "--format", "json").rows

    assert [part["kind"] for part in told["parts"]] == ["without"]
    assert told["after"] > told["before"]


def test_a_retraction_brings_the_earlier_forecast_back(founding: Terminal) -> None:
    before = founding.well("forecast", P, "--dry-run", "--format", "ndjson").out
    said = founding.well("record", P, "site-favoured", "--when", "2026-11")
    moved = founding.well("forecast", P, "--dry-run", "--format", "ndjson").out
    founding.well("retract", said.out.split()[1], "--reason", "It was a rumour.")

    assert moved != before
    assert founding.well("forecast", P, "--dry-run", "--format", "ndjson").out == before


def test_an_event_moves_its_rivals_forecasts_too(founding: Terminal) -> None:
    founding.well("record", P, "site-selected", "--when", "2026-11", "--grade", "A1")

    assert issued(founding, "leapmotor-zaragoza") == 1
    assert issued(founding, "mirafiori-500-hybrid") == 0


def test_an_event_of_a_context_moves_its_followers(founding: Terminal) -> None:
    founding.well("record", "eu-ev-tariffs", "evidence-against", "--when", "2026-11")

    assert issued(founding) == 1
    assert issued(founding, "mirafiori-500-hybrid") == 0


def test_no_forecast_defers(founding: Terminal) -> None:
    said = founding.well("record", P, "noted", "--when", "2026-11", "--no-forecast")

    assert "P(start by" not in said.out
    assert issued(founding) == 0


def test_issuing_twice_without_news_adds_nothing(founding: Terminal) -> None:
    founding.well("forecast", P)
    head = founding.well("verify").out
    founding.well("forecast", P)

    assert founding.well("verify").out == head


@pytest.mark.slow
def test_two_at_once_never_issue_the_same_forecast_twice(founding: Terminal) -> None:
    place = workspace.at(founding.folder)
    with place.ledger() as ledger:
        knowledge = estimator.Knowledge.of(ledger, place)
    made = estimator.estimate(knowledge, [P], as_of=date(2024, 6, 30))

    def once(_: int) -> int:
        with place.ledger() as own:
            return len(issuing.issue(own, made, knowledge=knowledge, now=workspace.now()))

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(once, range(4)))

    assert sum(counts) == 1
    assert issued(founding) == 1


@pytest.mark.slow
def test_forecasts_replay_from_their_cut_off_whatever_came_later(founding: Terminal) -> None:
    founding.well("forecast", P, "--every", "month", "--as-of", "2024-12-31")
    founding.well("record", P, "noted", "--when", "2024-03", "--known-on", "2024-03-31")

    said = founding.well("verify", "--forecasts")

    assert "forecasts replay to the same bytes" in said.out


def test_another_judgement_is_told_apart_from_a_changed_past(founding: Terminal) -> None:
    founding.well("forecast", P)
    settings = founding.folder / "tracker.toml"
    settings.write_text(settings.read_text() + "\n[evidence.site-ruled-out]\nstart = 0.1\n")

    said = founding.well("verify", "--forecasts")

    assert "not replayed: 1 forecast made by another version of the model, or under" in said.out


def test_a_changed_event_breaks_the_chain_where_it_stands(founding: Terminal) -> None:
    raw = sqlite3.connect(founding.folder / "ledger.sqlite")
    raw.execute("DROP TRIGGER stored_events_keep_update")
    raw.execute("UPDATE stored_events SET state = state || ' ' WHERE rowid = 700")
    raw.commit()
    raw.close()

    said = founding("verify")

    assert said.code == 1
    assert "entry 700 (" in said.err
    assert "is not what was recorded. The 699 entries before are whole" in said.err


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE stored_events SET topic = 'noted' WHERE rowid = 5",
        "DELETE FROM stored_events WHERE rowid = 5",
        "REPLACE INTO stored_events (rowid, originator_id, state) VALUES (5, 'x', '{}')",
        "UPDATE stored_events SET link = zeroblob(32) WHERE rowid = 5",
    ],
)
def test_nothing_in_the_ledger_is_changed_by_sql(founding: Terminal, statement: str) -> None:
    raw = sqlite3.connect(founding.folder / "ledger.sqlite")

    with pytest.raises(sqlite3.IntegrityError, match="the ledger is append-only"):
        raw.execute(statement)


def test_a_kept_head_shows_that_a_ledger_was_cut_short(founding: Terminal) -> None:
    head = founding.well("verify").out.split()[-1]
    raw = sqlite3.connect(founding.folder / "ledger.sqlite")
    raw.execute("DROP TRIGGER stored_events_keep_delete")
    raw.execute("DELETE FROM stored_events WHERE rowid = 898")
    raw.commit()
    raw.close()

    assert founding("verify").code == 0
    said = founding("verify", "--head", head)
    assert said.code == 1
    assert "it ends with entry 897; a head of 898 was kept" in said.err


@pytest.mark.slow
def test_scores_are_rows_beside_the_base_rate_and_the_announcement(founding: Terminal) -> None:
    founding.well(
        *("forecast", "leapmotor-tychy-t03", "leapmotor-tychy-b10", "--every", "month"),
        *("--as-of", "2024-12-31"),
    )

    rows = founding.well("sql", "FROM scores", "--format", "json").rows
    asked = [row for row in rows if row["score"] == "brier" and row["horizon"] == 12]

    came = {row["programme"]: row["came"] for row in asked}
    assert came == {"leapmotor-tychy-t03": 1.0, "leapmotor-tychy-b10": 0.0}
    for row in asked:
        assert row["value"] == pytest.approx((row["said"] - row["came"]) ** 2, abs=1e-6)
        assert row["hindcast"]
    summary = founding.well("score", "--format", "json").rows
    assert {row["question"] for row in summary} == {"start", "volume"}


@pytest.mark.slow
def test_a_replay_of_the_founding_story_has_a_forecast_a_month(founding: Terminal) -> None:
    founding.well("forecast", P, "--every", "month")

    rows = founding.well(
        "sql", "SELECT as_of, hindcast FROM forecasts", "--format", "json"
    ).rows

    assert len(rows) == 33
    assert rows[0]["as_of"] == "2024-02-29"
    assert all(row["hindcast"] for row in rows)


@pytest.fixture
def webhook() -> Iterator[dict[str, Any]]:
    """A real receiver of digests; `up` says whether it takes them."""
    box: dict[str, Any] = {"taken": [], "up": True}

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if box["up"]:
                box["taken"].append((self.headers["Idempotency-Key"], json.loads(body)))
            self.send_response(204 if box["up"] else 503)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    box["url"] = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield box
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_alert_is_told_once_through_deaths_on_both_sides(
    founding: Terminal, webhook: dict[str, Any]
) -> None:
    look = ("watch", "--once", "--threshold", "0.5", "--webhook", webhook["url"])
    favour = ("record", P, "site-favoured", "--grade", "A1", "--when")

    founding.well(*look)
    founding.well(*favour, "2026-11-01")  # while nobody watches
    webhook["up"] = False
    down = founding.well(*look)
    founding.well("record", P, "production-denied", "--grade", "A1", "--when", "2026-11-02")
    still = founding.well(*look)
    webhook["up"] = True
    founding.well(*look)
    founding.well(*look)

    assert "the webhook answered 503; 1 alert waits" in down.out
    assert "2 alerts wait" in still.out
    keys = [key for key, _ in webhook["taken"]]
    assert len(keys) == len(set(keys)) == 2
    first, second = (digest["moves"][0] for _, digest in webhook["taken"])
    assert (first["direction"], second["direction"]) == ("up", "down")
    assert [cause["type"] for cause in first["causes"]] == ["site-favoured"]


def test_a_digest_that_was_written_down_before_a_death_is_not_written_twice(
    founding: Terminal, webhook: dict[str, Any]
) -> None:
    look = ("watch", "--once", "--threshold", "0.5", "--webhook", webhook["url"])
    founding.well(*look)
    state = (founding.folder / ".tracker" / "watch.json").read_text()
    founding.well("record", P, "site-favoured", "--grade", "A1", "--when", "2026-11-01")
    webhook["up"] = False
    founding.well(*look)
    (founding.folder / ".tracker" / "watch.json").write_text(state)  # died before moving on
    webhook["up"] = True

    founding.well(*look)

    assert len(webhook["taken"]) == 1


def test_a_command_reads_the_digest_and_one_that_fails_gets_it_again(
    founding: Terminal, tmp_path: Path
) -> None:
    box = tmp_path / "box"
    fail = ("watch", "--once", "--threshold", "0.5", "--exec", "exit 7")
    take = (*fail[:-1], f"cat >> {box}")
    founding.well(*fail)
    founding.well("record", P, "site-favoured", "--grade", "A1", "--when", "2026-11-01")

    said = founding.well(*fail)
    founding.well(*take)
    founding.well(*take)

    assert "the command failed with 7" in said.out
    assert len(json.loads(box.read_text())["moves"]) >= 1


def test_a_month_going_by_makes_forecasts_due(founding: Terminal) -> None:
    founding.well("watch", "--once")
    before = issued(founding)

    founding.well("watch", "--once", today="2026-12-01")

    assert issued(founding) == before + 1


@pytest.mark.slow
def test_a_backtest_of_journals_scores_every_method_on_the_same_questions(
    tracker: Terminal,
) -> None:
    tracker.folder.joinpath("some.ndjson").write_text(
        "".join(_reference_lines(30)), encoding="utf-8"
    )

    told = tracker.well("backtest", "some.ndjson", "--jobs", "1", "--format", "json").rows

    by_method = {
        row["method"]: row["forecasts"] for row in told["rows"] if row["horizon"] == 12
    }
    assert len(set(by_method.values())) == 1
    assert {"base rate", "two clocks", "announced date at face value"} <= by_method.keys()
    assert told["calibration"]


def _reference_lines(count: int) -> Iterator[str]:
    told = [json.loads(line) for line in shipped("automotive")[1].splitlines()]
    wanted = sorted({line["programme"] for line in told})[:count]
    return (json.dumps(line) + "\n" for line in told if line["programme"] in wanted)


RECORD = """
import sys
sys.argv = ["tracker", "record", "car", "production-announced", "--when", "2026"]
from tracker.__main__ import main
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_recording_and_forecasting_load_numpy_and_nothing_heavier(tracker: Terminal) -> None:
    tracker.well("init", ".")
    tracker.well("open", "car", "--title", "A car", "--no-forecast")

    said = subprocess.run(
        [sys.executable, "-c", RECORD],
        cwd=tracker.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "P(start by" in said
    loaded = set(said.splitlines()[-1].split())
    assert "numpy" in loaded
    heavy = {"scipy", "pandas", "rich", "duckdb", "prophet", "pydantic", "statsmodels"}
    assert not loaded & heavy
