"""A ledger that an older Tracker wrote, through the commands."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from events import upcasts
from events.chain import GENESIS, Link, next_link
from tracker import workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import Server, Terminal


def older(number: int, **said: object) -> dict[str, Any]:
    """A fact of the form before the first, in which a site was a plant."""
    id = f"{number}0000000-0000-4000-8000-000000000000"
    dated = {"programme": "car-at-x", "occurred": "2024-02", "known_on": "2024-02-20"}
    return {"id": id, **dated, **said}


OLD = [
    older(1, type="programme-opened", title="X", plant="Mirafiori"),
    older(2, type="noted", summary="One."),
    older(3, type="noted", summary="Two."),
]


def chained() -> Iterator[Link]:
    link = GENESIS
    for position, fact in enumerate(OLD, 1):
        state = {"form": 0, "recorded_at": "2024-02-21T12:00:00Z", "fact": fact}
        told = ("car-at-x", position, str(fact["type"]), json.dumps(state).encode())
        link = next_link(link, position, told)
        yield Link(position, *told, link)


@pytest.mark.slow
@pytest.mark.parametrize("place", ["sqlite", "postgresql"])
def test_a_ledger_of_an_older_form_answers_every_command(
    place: str,
    empty: Terminal,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def site(fact: dict[str, Any]) -> dict[str, Any]:
        return {("site" if key == "plant" else key): value for key, value in fact.items()}

    monkeypatch.setitem(upcasts.UPCASTS, ("programme-opened", 0), site)
    if place == "postgresql":
        server: Server = request.getfixturevalue("postgres")
        empty.well("copy", "ledger.sqlite", server.database())
        settings = f'ledger = "{server.process.get_uri(database="ledger_1")}"\n'
        (empty.folder / "tracker.toml").write_text(settings)
    with workspace.at(empty.folder).ledger() as ledger:
        ledger.chained.take(chained())

    journal = empty.well("export").out
    again = empty.well("import", "-", given=journal).out
    empty.well("amend", "20000000", "--summary", "One and a half.")
    empty.well("retract", "30000000", "--reason", "It was not so.")
    whole = empty.well("verify").out
    empty.well("copy", "ledger.sqlite", "copy.sqlite")
    empty.well("backup", "kept.sqlite")
    asked = "SELECT site, summary FROM timeline ORDER BY position"
    shown = empty.well("sql", asked, "--format", "csv").out
    rebuilt = empty.well("rebuild").out + empty.well("sql", asked, "--format", "csv").out

    assert json.loads(journal.splitlines()[0])["site"] == "Mirafiori"
    assert again == "imported 0 events of 1 programme; 3 were there already\n"
    assert "entries are whole" in whole
    assert shown.splitlines()[1:] == ["Mirafiori,", ",One and a half."]
    assert rebuilt.endswith(shown)
