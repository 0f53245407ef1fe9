from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tracker.commands import exchange

if TYPE_CHECKING:
    from tests.conftest import Terminal

OPENED = (
    '{"programme": "plant", "type": "programme-opened", "occurred": "2015", "title": "T"}\n'
)
SHEET = "programme,type,occurred,title\nplant,programme-opened,2015,"


def noted(summary: str, occurred: str = "2024") -> str:
    return OPENED + (
        f'{{"programme": "plant", "type": "noted", "occurred": "{occurred}", '
        f'"summary": {summary}}}\n'
    )


def reported(volume: str) -> str:
    return OPENED + (
        '{"programme": "plant", "type": "volume-reported", "occurred": "2024", '
        f'"period": "2024", "volume": {volume}}}\n'
    )


REFUSED = [
    (noted('"' + "x" * 10_000_000 + '"'), "2: the line has 10,000,0"),
    (noted('"' + "x" * 900_000 + '"'), '2: summary: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'),
    (noted('"' + "x" * 4_001 + '"'), "is refused: expected `str` of length <= 4000."),
    (noted('"x"', "99999999"), '2: occurred: "99999999" is not EDTF; write 2026'),
    (noted('"x"', "Y99999999"), "lies outside the years 0001 to 9999"),
    (
        noted("[" * 100_000 + "]" * 100_000),
        "2: this is no JSON object: it is nested too deeply.",
    ),
    (noted('{"a":' * 200 + "1" + "}" * 200), "expected `str | null`, got `object`"),
    (reported("1e400"), "2: volume: Infinity is no number of units"),
    (reported("9" * 5_000), "2: this is no JSON object: a number has thousands of digits."),
    (reported("NaN"), "2: NaN is no number."),
    (noted('"x", "summary": "y"'), "2: summary is given twice."),
    (noted('"x\x00y"'), "2: this is no JSON object: invalid control character at character"),
    (OPENED.encode("utf-16"), "1: this is UTF-16, not UTF-8. Save the file in that encoding."),
    (OPENED.encode("utf-16-be"), "1: this is UTF-16, not UTF-8."),
    (noted('"Cité"').encode("latin-1"), "is not UTF-8. Save the file in that encoding."),
    (noted('"x"').replace("\n", "\r"), "1: its lines end in a carriage return alone."),
    (noted('"x"').replace("\n", "\u2028"), "1: this is no JSON object: extra data"),
    (SHEET + "x" * 1_000_000, "2: this is no CSV: a cell has more than 131,072 characters."),
    (SHEET + '"x\nplant,noted,2024,', "2: this is no CSV: a quote is opened here and never"),
    ("programme," + "x" * 1_000_000, "1: this is no CSV: a cell has more than 131,072 charac"),
    ("programme," + ",".join(f"c{i}" for i in range(10_000)), "1: c0: there is no such column"),
    (SHEET + "," * 10_000, "2: there are 10004 cells under 4 columns."),
    ("programme;type\nplant;noted", "1: the columns are not separated by commas."),
    ((SHEET + "Cité").encode("latin-1"), "2: this is not UTF-8. Save the file in that"),
]


@pytest.mark.parametrize(
    ("journal", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED]
)
def test_what_is_too_much_or_garbled_is_one_sentence_with_its_place(
    empty: Terminal, journal: str | bytes, sentence: str
) -> None:
    said = empty("import", "-", given=journal)

    assert (said.code, said.out) == (4, "")
    assert said.err.startswith("error: one faulty line, so nothing was imported:\n")
    assert sentence in said.err
    assert said.err.count("\n") == 2
    assert len(said.err) < 1_000


def test_of_very_many_faulty_lines_the_first_are_named(empty: Terminal) -> None:
    said = empty("import", "-", given=noted("1") * 2_000)

    assert said.err.startswith("error: 2,000 faulty lines, so nothing was imported:\n")
    assert said.err.count("standard input:") == 100
    assert said.err.endswith("\n  and 1,900 more.\n")


TAKEN = [
    OPENED.encode("utf-8-sig"),
    OPENED.replace("\n", "\r\n"),
    "\n\n" + OPENED + "\n",
    (SHEET + "T\n").encode("utf-8-sig"),
    (SHEET + "T").replace("\n", "\r\n"),
    (SHEET + "T").replace("\n", "\r"),
    "\n\n" + SHEET + "T",
    ("programme,type,occurred,title" + "," * 10_000 + "\nplant,programme-opened,2015,T"),
]


@pytest.mark.parametrize("journal", TAKEN, ids=range(len(TAKEN)))
def test_every_way_to_end_a_line_or_mark_a_file_is_read(
    empty: Terminal, journal: str | bytes
) -> None:
    said = empty.well("import", "-", "--no-forecast", given=journal)

    assert said.out == "imported 1 event of 1 programme\n"


def test_odd_signs_in_a_text_are_kept_and_shown_harmlessly(empty: Terminal) -> None:
    text = "a\x00b\u2028c\x1b[31md\u202ee"
    empty.well("import", "-", "--no-forecast", given=noted(json.dumps(text)))

    shown = empty.well("events", "plant").out
    (kept,) = empty.well(
        "sql", "SELECT summary FROM events WHERE summary IS NOT NULL", "--format", "json"
    ).rows
    line = json.loads(empty.well("export").out.splitlines()[1])

    assert "a\\x00b\\x2028c\\x1b[31md\\x202ee" in shown
    assert kept["summary"] == line["summary"] == text


def test_a_journal_has_an_end(empty: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "LARGEST", 1_048_576)

    endless, file = empty("import", "/dev/zero"), empty("import", "-", given=b" " * 1_048_577)

    assert endless.code == file.code == 4
    assert endless.err == (
        "error: /dev/zero has more than 1 MiB, which is what one import takes. "
        "Split it, the lines of a programme together, and import the parts.\n"
    )


ODD = ["\udcff\udcfe", "x" * 100_000, "\x1b[31m", "--", ""]
TYPED = [
    ["open", "ODD", "--title", "x"],
    ["record", "ODD", "noted", "--when", "2024"],
    ["retract", "ODD", "--reason", "x"],
    ["events", "ODD"],
    ["events", "--source", "ODD"],
    ["events", "--since", "ODD"],
    ["show", "ODD"],
    ["score", "ODD"],
    ["forecast", "--as-of", "ODD"],
    ["date", "ODD"],
    ["import", "ODD"],
    ["export", "ODD"],
    ["--workspace", "ODD", "programmes"],
    ["ODD"],
]


@pytest.mark.slow
@pytest.mark.parametrize("words", TYPED, ids=" ".join)
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_whatever_is_typed_is_answered_in_a_sentence(
    empty: Terminal, words: list[str], odd: str
) -> None:
    said = empty(*(odd if word == "ODD" else word for word in words))

    assert said.code in {0, 1, 2, 3, 4}
    assert said.code != 1 or said.err.startswith("error: ")
    assert "Traceback" not in said.err
    assert "\x1b" not in said.out + said.err
    assert said.code == 2 or len(said.err) < 2_000


@pytest.mark.parametrize(
    ("option", "type"),
    [
        ("--capacity-per-year", "production-announced"),
        ("--target-volume", "target-announced"),
        ("--amount", "incentive-granted"),
        ("--volume", "volume-reported"),
    ],
)
def test_a_figure_that_may_be_in_thousands_is_refused(
    empty: Terminal, option: str, type: str
) -> None:
    said = empty("record", "plant", type, "--when", "2026-11", option, "1.600")

    assert (said.code, said.err) == (
        4,
        f'error: {option}: "1.600" is ambiguous. Write 1600 or 1.6.\n',
    )
