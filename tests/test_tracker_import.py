from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tracker.importing import shipped

if TYPE_CHECKING:
    from tests.conftest import Terminal

OPENED = {
    "programme": "car-at-x",
    "type": "programme-opened",
    "occurred": "2024-01-31",
    "known_on": "2024-01-31",
    "title": "X",
}
NOTED = {"programme": "car-at-x", "type": "noted", "occurred": "2024-02"}
ID = "0b6b3f0e-0000-4000-8000-000000000001"


def journal(*lines: object) -> str:
    return "".join(
        f"{json.dumps(line) if isinstance(line, dict) else line}\n" for line in lines
    )


def content(line: dict[str, Any]) -> str:
    """A line without its id, which may be derived."""
    return json.dumps({**line, "id": None}, sort_keys=True)


def put(tracker: Terminal, name: str, text: str | bytes) -> str:
    data = text.encode() if isinstance(text, str) else text
    (tracker.folder / name).write_bytes(data)
    return name


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("leapmotor", "csv"),
        pytest.param("leapmotor", "ndjson", marks=pytest.mark.slow),
        pytest.param("automotive", "csv", marks=pytest.mark.slow),
        pytest.param("automotive", "ndjson", marks=pytest.mark.slow),
    ],
)
def test_a_shipped_journal_comes_back_with_no_field_lost_and_the_same_bytes(
    empty: Terminal, name: str, format: str
) -> None:
    put(empty, "in.ndjson", shipped(name)[1])
    given = [json.loads(line) for line in shipped(name)[1].splitlines()]

    empty.well("import", "in.ndjson")
    first = empty.well("export").out
    put(empty, "again", empty.well("export", "--format", format).out)
    for file in empty.folder.glob("ledger.sqlite*"):
        file.unlink()
    (empty.folder / "tracker.toml").unlink()
    empty.well("init")
    said = empty.well("import", "again")

    back = [json.loads(line) for line in first.splitlines()]
    assert sorted(map(content, back)) == sorted(map(content, given))
    assert {line["id"] for line in given if "id" in line} <= {line["id"] for line in back}
    slugs = sorted({line["programme"] for line in given})
    assert empty.well("export", *slugs).out == first
    assert said.code == 0


def test_an_export_is_sorted_by_the_day_known_with_keys_in_their_order(
    founding: Terminal,
) -> None:
    lines = founding.well("export").lines
    days = [line["known_on"] for line in lines]

    assert len(lines) == 647 + 251
    assert days == sorted(days)
    assert list(lines[0])[:4] == ["id", "programme", "type", "occurred"]


def test_an_export_into_a_file_is_that_on_standard_output(founding: Terminal) -> None:
    out = founding.well("export", "leapmotor-mirafiori").out

    founding.well("export", "leapmotor-mirafiori", "-o", "story.ndjson")

    assert (founding.folder / "story.ndjson").read_text() == out


@pytest.mark.slow
def test_both_journals_import_whole_with_their_warnings_listed(empty: Terminal) -> None:
    for name in ("automotive", "leapmotor"):
        put(empty, f"{name}.ndjson", shipped(name)[1])

    said = empty.well("import", "automotive.ndjson", "leapmotor.ndjson")

    assert said.out == "imported 898 events of 139 programmes\n"
    *warnings, forecast = said.err.splitlines()
    assert all(line.startswith("warning: ") for line in warnings)
    assert forecast.startswith("forecast anew: ")
    assert "leapmotor.ndjson:15: mirafiori-500e started (2020-10) before" in said.err


def test_a_second_import_is_harmless_on_another_day_as_well(empty: Terminal) -> None:
    put(empty, "a.ndjson", journal(OPENED, NOTED))
    empty.well("import", "a.ndjson", today="2024-03-01")
    before = empty.well("export").out

    said = empty.well("import", "a.ndjson", today="2025-06-30")

    assert said.out == "imported 0 events of 1 programme; 2 were there already\n"
    assert empty.well("export").out == before
    assert '"known_on": "2024-03-01"' in before


def test_an_import_of_what_is_there_already_still_follows_it(founding: Terminal) -> None:
    founding.well("unfollow", "leapmotor-zaragoza")

    founding.well("import", "-", given=founding.well("export", "leapmotor-zaragoza").out)

    assert founding.well("events", "--type", "programme-opened").out.count("zaragoza") == 1


def test_standard_input_is_a_journal_too(empty: Terminal) -> None:
    said = empty.well("import", "-", given=journal(OPENED, NOTED))

    assert said.out == "imported 2 events of 1 programme\n"


BROKEN = {
    "no JSON": ('{"programme": "car-at-x", ', "this is no JSON object"),
    "no object": ("[1, 2]", "this is no JSON object."),
    "NaN": ('{"programme": "car-at-x", "volume": NaN}', "NaN is no number."),
    "a key twice": ('{"programme": "a", "programme": "b"}', "programme is given twice."),
    "nested deeply": ("[" * 100_000, "nested too deeply"),
    "unknown type": (NOTED | {"type": "start-revized"}, "did you mean start-revised?"),
    "unknown key": (NOTED | {"sumary": "x"}, "sumary: there is no such key; did you mean summ"),
    "key of another type": (NOTED | {"volume": 5}, "volume does not belong to a noted event."),
    "a slug with a slash": (NOTED | {"programme": "car/x"}, 'programme: "car/x" is no slug.'),
    "a slug with a newline": (NOTED | {"programme": "car-x\n"}, "is no slug."),
    "no type": ({"programme": "car-at-x", "occurred": "2024"}, "type is missing. Write one of"),
    "no programme": ({"type": "noted", "occurred": "2024"}, "programme is missing"),
    "no occurred": ({"programme": "car-at-x", "type": "noted"}, "occurred is missing"),
    "known after today": (NOTED | {"known_on": "2026-11-23"}, "known_on: 2026-11-23 is after "),
    "known on no day": (
        NOTED | {"known_on": "2026-02-30"},
        'known_on: "2026-02-30" is no day.',
    ),
    "no EDTF": (NOTED | {"occurred": "mid-2024"}, 'occurred: "mid-2024" is not EDTF'),
    "an impossible day": (NOTED | {"occurred": "2023-02-29"}, "occurred: "),
    "ends before it begins": (NOTED | {"occurred": "2027/2026"}, "ends before it begins"),
    "a negative volume": (
        NOTED | {"type": "volume-reported", "period": "2024", "volume": -1},
        "volume: -1 is no number of units, 0 or more",
    ),
    "a volume in words": (
        NOTED | {"type": "volume-reported", "period": "2024", "volume": "many"},
        'volume: "many" is no number of units',
    ),
    "a grade": (NOTED | {"source": {"grade": "G1"}}, 'source.grade: "G1" is no grade.'),
    "a key of a source": (
        NOTED | {"source": {"link": "x"}},
        "source.link: there is no such key",
    ),
    "no UUID": (NOTED | {"id": "1234"}, 'id: "1234" is no UUID.'),
    "a retraction of nothing": (
        NOTED | {"type": "event-retracted", "retracts": ID},
        f"car-at-x has no event {ID}.",
    ),
    "never opened": (NOTED | {"programme": "car-at-y"}, "car-at-y is never opened."),
    "another encoding": (b'{"summary": "Citt\xe0"}', "is not UTF-8. Save the file in that enc"),
    "10 MB": ('{"summary": "' + "x" * 10_000_000 + '"}', "an event has at most 1,000,000."),
    "a forecast": (NOTED | {"type": "forecast-issued"}, 'type: there is no "forecast-issued"'),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_line_in_the_middle_is_named_and_nothing_is_imported(
    empty: Terminal, case: str
) -> None:
    line, sentence = BROKEN[case]
    raw = line if isinstance(line, bytes) else journal(line).rstrip("\n").encode()
    put(empty, "a.ndjson", journal(OPENED).encode() + raw + b"\n" + journal(NOTED).encode())

    said = empty("import", "a.ndjson")

    first, second = said.err.splitlines()
    assert (said.code, said.out) == (4, "")
    assert first == "error: one faulty line, so nothing was imported:"
    assert second.startswith("  a.ndjson:2: ")
    assert sentence in second
    assert len(second) < 2_000
    assert empty.well("export").out == ""
    assert empty.well("programmes").out == ""


def test_every_faulty_line_of_every_file_is_named(empty: Terminal) -> None:
    put(empty, "a.ndjson", journal(OPENED, NOTED | {"type": "noticed"}, "", "{", NOTED))
    put(empty, "b.ndjson", journal(NOTED | {"known_on": "2030-01-01"}))

    said = empty("import", "a.ndjson", "b.ndjson")

    assert said.code == 4
    assert "3 faulty lines, so nothing was imported" in said.err
    assert [line.split(": ")[0].strip() for line in said.err.splitlines()[1:]] == [
        "a.ndjson:2",
        "a.ndjson:4",
        "b.ndjson:1",
    ]


def test_one_id_for_two_events_is_refused_and_for_one_event_twice_is_not(
    empty: Terminal,
) -> None:
    put(empty, "a.ndjson", journal(OPENED, NOTED | {"id": ID}, NOTED | {"id": ID}))
    other = journal(NOTED | {"id": ID, "summary": "Another."})

    same = empty.well("import", "a.ndjson")
    said = empty("import", "-", given=other)

    assert same.out == "imported 2 events of 1 programme; 1 was there already\n"
    assert said.code == 4
    assert f"standard input:1: event {ID} is there already and says otherwise." in said.err


def test_one_id_in_two_programmes_is_refused(empty: Terminal) -> None:
    empty.well("import", "-", given=journal(OPENED, NOTED | {"id": ID}))
    other = {"programme": "car-at-y"}

    given = journal(OPENED | other, NOTED | other | {"id": ID})

    said = empty("import", "-", given=given)

    assert said.code == 4
    assert f"standard input:2: event {ID} is there already, of car-at-x." in said.err


@pytest.mark.parametrize(
    ("encoding", "code"), [("utf-8", 0), ("utf-8-sig", 0), ("utf-16", 4), ("latin-1", 4)]
)
@pytest.mark.parametrize("format", ["ndjson", "csv"])
def test_utf_8_is_read_with_a_mark_or_without_and_nothing_else(
    empty: Terminal, encoding: str, code: int, format: str
) -> None:
    if format == "ndjson":
        text = json.dumps(OPENED | {"site": "Forlì"}, ensure_ascii=False) + "\n"
    else:
        text = "programme,type,occurred,title,site\ncar-at-x,programme-opened,2024,X,Forlì\n"
    put(empty, "a", text.encode(encoding))

    said = empty("import", "a")

    assert said.code == code
    if code:
        assert said.err.startswith("error: ")
        assert "UTF-8" in said.err
        assert len(said.err.splitlines()) <= 3
    else:
        assert empty.well("export").lines[0]["site"] == "Forlì"


def test_line_ends_of_windows_and_of_none_are_read(empty: Terminal) -> None:
    text = journal(OPENED, NOTED).replace("\n", "\r\n").rstrip()

    assert empty.well("import", "-", given=text).out.startswith("imported 2 events")


@pytest.mark.parametrize("text", ["", "\n", "\n\n  \n"])
def test_an_empty_journal_is_no_journal_and_no_error(empty: Terminal, text: str) -> None:
    assert empty.well("import", "-", given=text).out == "imported 0 events of 0 programmes\n"


def test_a_sheet_names_its_lines_and_counts_line_breaks_in_cells(empty: Terminal) -> None:
    sheet = (
        "programme,type,occurred,title,summary\n"
        'car-at-x,programme-opened,2024-01-31,X,"two\nlines"\n'
        "car-at-x,noted,mid-2024,,\n"
        "car-at-x,noted,2024,,,,surplus\n"
    )

    said = empty("import", "-", given=sheet)

    assert said.code == 4
    assert 'standard input:4: occurred: "mid-2024" is not EDTF' in said.err
    assert "standard input:5: there are 7 cells under 5 columns." in said.err


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("programme,type,ocurred", "ocurred: there is no such column; did you mean occurred?"),
        ("programme,type,type", "type: there are two such columns."),
        ("programme;type;occurred", "the columns are not separated by commas. Save the sheet"),
        ("programme\ttype", "the columns are not separated by commas. Save the sheet"),
    ],
)
def test_a_wrong_header_of_a_sheet_is_named_once(
    empty: Terminal, header: str, sentence: str
) -> None:
    said = empty("import", "-", given=f"{header}\n" + "car-at-x,noted,2024\n" * 3)

    assert said.code == 4
    assert f"standard input:1: {sentence}" in said.err
    assert len(said.err.splitlines()) == 2


def test_a_sheet_runs_nothing_in_a_spreadsheet_and_comes_back_as_it_was(
    empty: Terminal,
) -> None:
    words = ["=1+1", "+1", "-1", "@x", "'=1", "'", "''x", "\tx", "a;b", "[x]"]
    lines = [NOTED | {"summary": word} for word in words]
    tags = OPENED | {"tags": ["a;b", "c"], "organisations": ["=A", "[B]"]}
    empty.well("import", "-", given=journal(tags, *lines))
    before = empty.well("export").out

    sheet = empty.well("export", "--format", "csv").out
    said = empty.well("import", "-", given=sheet)

    cells = [cell for row in csv.reader(io.StringIO(sheet)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert (
        said.out == f"imported 0 events of 1 programme; {len(words) + 1} were there already\n"
    )
    assert empty.well("export").out == before


def test_implausible_order_is_warned_of_and_imported(empty: Terminal) -> None:
    late = {"known_on": "2024-06-01", "occurred": "2024-06-01"}
    started = OPENED | late | {"type": "production-started"}
    del started["title"]
    permitted = started | {"type": "permit-granted", "known_on": "2024-07-01"}
    again = started | {"known_on": "2024-08-01"}

    given = journal(again, permitted, started, OPENED)
    said = empty.well("import", "-", "--no-forecast", given=given)

    assert said.out == "imported 4 events of 1 programme\n"
    assert said.err.splitlines() == [
        "warning: standard input:2: permit-granted after it was started: the stage stays",
        (
            "warning: standard input:1: car-at-x has started already (2024-06-01). Use "
            "production-resumed after a stop, or amend the first start."
        ),
    ]


def test_a_correction_that_makes_no_sense_is_a_faulty_line(empty: Terminal) -> None:
    id = ID[:-1]
    amended = NOTED | {"type": "event-amended", "summary": "x"}
    given = journal(
        OPENED,
        NOTED | {"id": f"{id}2"},
        amended | {"id": f"{id}3", "amends": f"{id}2"},
        amended | {"id": f"{id}4", "amends": f"{id}3", "period": "2024"},
        amended | {"id": f"{id}5", "amends": f"{id}6"},
        amended | {"id": f"{id}6", "amends": f"{id}5"},
        NOTED | {"type": "event-retracted", "id": f"{id}7", "retracts": f"{id}7"},
        NOTED | {"type": "event-retracted", "id": f"{id}8", "retracts": f"{id}2"},
        amended | {"id": f"{id}9", "amends": f"{id}8"},
    )

    said = empty("import", "-", given=given)

    assert said.code == 4
    assert [line.split(": ", 1)[1] for line in said.err.splitlines()[1:]] == [
        "The amendment does not fit a noted event: Object contains unknown field `period`.",
        "amends: the amendments go round in a circle.",
        "amends: the amendments go round in a circle.",
        "retracts: an event cannot retract itself.",
        f"amends: event {id}8 is a retraction. Retract it instead.",
    ]


def test_of_two_openings_the_first_known_counts_and_both_are_kept(empty: Terminal) -> None:
    line = {"programme": "plant", "type": "programme-opened", "occurred": "2020"}
    mine = json.dumps({**line, "known_on": "2024-01-01", "title": "Mine", "unit": "GWh"})
    older = json.dumps({**line, "known_on": "2020-01-01", "title": "Older"})
    third = json.dumps({**line, "known_on": "2025-01-01", "title": "Third", "kind": "context"})

    empty.well("import", "-", "--no-forecast", given=mine)
    earlier = empty.well("import", "-", "--no-forecast", given=older).err
    again = empty.well("import", "-", "--no-forecast", given=third).err

    assert "plant was opened on 2024-01-01 so far; this earlier opening counts now" in earlier
    assert "plant was opened on 2020-01-01. That opening counts." in again
    (row,) = empty.well(
        "sql", "SELECT title, kind, unit FROM programmes", "--format", "json"
    ).rows
    assert row == {"title": "Older", "kind": "production", "unit": None}
    assert '"programme": "plant"' in empty.well("forecast", "--format", "json").out
    assert len(empty.well("export").out.splitlines()) == 3
