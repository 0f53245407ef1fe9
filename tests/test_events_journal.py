import json
from datetime import date
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import facts, journal, lines, schema
from events.errors import Invalid
from events.lines import KEYS

TODAY = date(2026, 11, 22)
JOURNALS = ("leapmotor", "automotive")


def shipped(name: str) -> bytes:
    return (files("events") / "journals" / f"{name}.ndjson").read_bytes()


def refusal(line: dict[str, object]) -> str:
    with pytest.raises(Invalid) as refused:
        lines.to_fact(line, today=TODAY)
    return str(refused.value)


NOTED: dict[str, object] = {"programme": "plant", "type": "noted", "occurred": "2024"}


@pytest.mark.parametrize("name", JOURNALS)
def test_a_shipped_journal_comes_back_with_no_field_lost(name: str) -> None:
    before = [json.loads(line) for line in shipped(name).splitlines()]

    stated, faults = journal.read(shipped(name), name, today=TODAY)
    after = [json.loads(line) for line in journal.ndjson(line.fact for line in stated)]

    assert not faults
    assert [{k: v for k, v in line.items() if k != "id"} for line in after] == before


@pytest.mark.parametrize("name", JOURNALS)
def test_csv_tells_the_same_facts_as_ndjson(name: str) -> None:
    stated, _ = journal.read(shipped(name), name, today=TODAY)
    told = [line.fact for line in stated]

    again, faults = journal.read("".join(journal.as_csv(told)).encode(), name, today=TODAY)

    assert not faults
    assert [line.fact for line in again] == told


@pytest.mark.parametrize("name", JOURNALS)
def test_shipped_journals_keep_their_schema(name: str) -> None:
    validator = jsonschema.Draft202012Validator(schema.schema())

    told_lines = [json.loads(line) for line in shipped(name).splitlines()]
    assert not [line for line in told_lines if not validator.is_valid(line)]
    assert not validator.is_valid({**told_lines[0], "sumary": "no such key"})


def test_the_shipped_schema_is_the_one_the_types_make() -> None:
    path = Path(str(files("events") / "journals" / "journal.schema.json"))

    assert json.loads(path.read_text()) == json.loads(json.dumps(schema.schema()))


def test_the_same_line_is_the_same_event_on_whatever_day_it_is_read() -> None:
    first = lines.to_fact(NOTED, today=date(2026, 1, 1))
    later = lines.to_fact({**NOTED, "summary": None}, today=date(2026, 2, 1))

    assert first.id == later.id
    assert (first.known_on, later.known_on) == (date(2026, 1, 1), date(2026, 2, 1))


def test_other_words_are_another_event() -> None:
    one = lines.to_fact(NOTED, today=TODAY)
    other = lines.to_fact({**NOTED, "summary": "Something."}, today=TODAY)

    assert one.id != other.id


SENTENCES = [
    ({"type": "start-revized"}, 'there is no "start-revized"; did you mean start-revised?'),
    ({"sumary": "x"}, "sumary: there is no such key; did you mean summary?"),
    ({"volume": 3}, "volume does not belong to a noted event."),
    ({"programme": "a/b"}, 'programme: "a/b" is no slug.'),
    ({"programme": "plant\n"}, "is no slug."),
    ({"occurred": None}, "occurred is missing: a noted event needs it."),
    ({"type": None}, "type is missing. Write one of: programme-opened"),
    ({"known_on": "20.2.2024"}, 'known_on: "20.2.2024" is no day. Write it as 2024-02-20.'),
    ({"source": {"grade": "B7"}}, 'source.grade: "B7" is no grade.'),
    ({"source": {"link": "x"}}, "source.link: there is no such key"),
    ({"type": "volume-reported", "period": "2024", "volume": -1}, "volume: -1 is no number"),
    ({"type": "volume-reported", "period": "2024", "volume": "5"}, 'volume: "5" is no number'),
    ({"type": "stake-acquired", "stake_pct": 120}, "stake_pct: 120 is no percentage"),
    ({"summary": "x" * 5_000}, "summary: "),
]


@pytest.mark.parametrize(("change", "sentence"), SENTENCES)
def test_a_faulty_line_is_told_in_its_own_words(
    change: dict[str, object], sentence: str
) -> None:
    said = refusal({**NOTED, **change})

    assert sentence in said
    assert said.endswith((".", "?"))


FAULTY = [
    (b'{"programme": "a", "type": "noted"', "this is no JSON object"),
    (b"[1, 2]", "this is no JSON object."),
    (b"\xff\xfe{", "byte 1 is not UTF-8"),
    (b'{"programme": "a", "programme": "b"}', "programme is given twice."),
    (b'{"volume": NaN}', "NaN is no number."),
    (b"[" * 100_000, "nested too deeply"),
    (b'{"summary": "' + b"x" * 10_000_000 + b'"}', "an event has at most 1,000,000."),
]


@pytest.mark.parametrize(("line", "sentence"), FAULTY)
def test_a_broken_line_is_named_and_the_others_are_read(line: bytes, sentence: str) -> None:
    good = json.dumps(NOTED).encode()

    stated, faults = journal.read(
        b"\n".join([good, b"", line, good + b"\r"]), "j.ndjson", today=TODAY
    )

    assert [found.place for found in faults] == ["j.ndjson:3"]
    assert sentence in faults[0].sentence
    assert [found.place for found in stated] == ["j.ndjson:1", "j.ndjson:4"]


def test_a_cell_that_a_spreadsheet_would_run_is_harmless_and_comes_back() -> None:
    fact = lines.to_fact({**NOTED, "summary": "=HYPERLINK(1)"}, today=TODAY)

    sheet = "".join(journal.as_csv([fact]))
    stated, _ = journal.read(sheet.encode(), "j.csv", today=TODAY)

    assert ",'=HYPERLINK(1)," in sheet
    assert stated[0].fact == fact


@pytest.mark.parametrize(
    ("typed", "mend"),
    [
        ("100.000", "is ambiguous. Write 100000 or 100."),
        ("1.600", "is ambiguous. Write 1600 or 1.6."),
        ("1.600.000", "has points between its thousands. Write 1600000."),
    ],
)
def test_a_figure_that_may_be_in_thousands_is_refused_in_a_sheet(typed: str, mend: str) -> None:
    sheet = (
        f"programme,type,occurred,capacity_per_year\nplant,capacity-announced,2024,{typed}\n"
    )

    stated, faults = journal.read(sheet.encode(), "j.csv", today=TODAY)

    assert not stated
    assert [str(fault) for fault in faults] == [f'j.csv:2: capacity_per_year: "{typed}" {mend}']


@pytest.mark.parametrize("figure", ["1.6", "1.234", "1.2340", "0.125", "1234.567", "100000"])
def test_a_figure_that_has_one_reading_is_taken_in_a_sheet(figure: str) -> None:
    sheet = (
        f"programme,type,occurred,capacity_per_year\nplant,capacity-announced,2024,{figure}\n"
    )

    stated, _ = journal.read(sheet.encode(), "j.csv", today=TODAY)
    again, faults = journal.read(
        "".join(journal.as_csv(one.fact for one in stated)).encode(), "j.csv", today=TODAY
    )

    assert not faults
    assert [one.fact for one in again] == [one.fact for one in stated] != []


def test_an_export_is_ordered_by_the_day_known_whatever_the_order_recorded() -> None:
    days = ["2024-03-01", "2024-01-01", "2024-02-01"]
    told = [lines.to_fact({**NOTED, "known_on": day}, today=TODAY) for day in days]

    written = [json.loads(line)["known_on"] for line in journal.ndjson(told)]

    assert written == sorted(days)


text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    min_size=1,
    max_size=40,
).filter(lambda words: words.strip() == words and words)
VALUES: dict[str, st.SearchStrategy[object]] = {
    "summary": text,
    "occurred_words": text,
    "title": text,
    "organisations": st.lists(text, min_size=1, max_size=3),
    "tags": st.lists(text, min_size=1, max_size=3),
    "follows": st.lists(
        st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=3
    ),
    "capacity_per_year": st.integers(0, 10**9) | st.floats(0, 1e9),
    "volume": st.integers(0, 10**9) | st.floats(0, 1e9),
    "brownfield": st.booleans(),
    "expected_start": st.sampled_from(["2026", "[2026,2027]", "2026-35", "../2030-12"]),
    "period": st.sampled_from(["2024", "2024-01/2024-06"]),
    "source": st.fixed_dictionaries({"url": text}, optional={"quote": text}),
}


@st.composite
def told(draw: st.DrawFn) -> lines.Line:
    """A line of any type, with any of the keys that it may have."""
    name = draw(st.sampled_from(sorted(facts.TYPES)))
    known = set(facts.TYPES[name].__struct_fields__)
    line: lines.Line = {**NOTED, "type": name, "known_on": "2024-05-06"}
    for key in ("retracts", "amends"):
        if key in known:
            line[key] = str(draw(st.uuids()))
    for key, values in VALUES.items():
        if key in known and (draw(st.booleans()) or key in {"title", "period", "volume"}):
            line[key] = draw(values)
    return line


@given(st.lists(told(), max_size=4))
def test_what_is_exported_is_imported_as_it_was(written: list[lines.Line]) -> None:
    recorded = [lines.to_fact(line, today=TODAY) for line in written]

    for export in (journal.ndjson, journal.as_csv):
        again, faults = journal.read("".join(export(recorded)).encode(), "j", today=TODAY)
        assert not faults
        assert [line.fact for line in again] == recorded


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_named(data: bytes) -> None:
    stated, faults = journal.read(data, "j", today=TODAY)

    assert all(str(fault).startswith("j:") for fault in faults)
    assert len(stated) + len(faults) <= data.count(b"\n") + data.count(b"\r") + 1


def test_every_key_of_every_type_has_its_place_in_a_line() -> None:
    known = {key for cls in facts.TYPES.values() for key in cls.__struct_fields__}

    assert known <= set(KEYS)
