import contextlib
import io
from calendar import monthrange
from datetime import date, datetime

import edtf as oracle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.edtf import LONGEST, Span, parse
from events.errors import Invalid


def bounds(text: str) -> tuple[str | None, str | None]:
    span = parse(text)
    first, last = (day and day.isoformat() for day in (span.earliest, span.latest))
    return first or None, last or None


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2028-02", "2028-02-01", "2028-02-29"),
        ("2026-07-15", "2026-07-15", "2026-07-15"),
        ("0001", "0001-01-01", "0001-12-31"),
        ("9999-12-31", "9999-12-31", "9999-12-31"),
        ("202X", "2020-01-01", "2029-12-31"),
        ("20X6", "2006-01-01", "2096-12-31"),
        ("XXXX", "0001-01-01", "9999-12-31"),
        ("2026-XX", "2026-01-01", "2026-12-31"),
        ("2026-1X", "2026-10-01", "2026-12-31"),
        ("2026-X2", "2026-02-01", "2026-12-31"),
        ("2026-02-XX", "2026-02-01", "2026-02-28"),
        ("2026-XX-31", "2026-01-31", "2026-12-31"),
        ("202X-02-29", "2020-02-29", "2028-02-29"),
        ("1950S2", "1900-01-01", "1999-12-31"),
        ("2026-21", "2026-03-01", "2026-05-31"),
        ("2026-22", "2026-06-01", "2026-08-31"),
        ("2026-23", "2026-09-01", "2026-11-30"),
        ("2027-24", "2027-12-01", "2028-02-29"),
        ("2026-29", "2026-09-01", "2026-11-30"),
        ("2026-30", "2026-12-01", "2027-02-28"),
        ("2026-33", "2026-01-01", "2026-03-31"),
        ("2026-35", "2026-07-01", "2026-09-30"),
        ("2026-39", "2026-09-01", "2026-12-31"),
        ("2026-40", "2026-01-01", "2026-06-30"),
        ("2026-41", "2026-07-01", "2026-12-31"),
        ("2026/2027-06", "2026-01-01", "2027-06-30"),
        ("2025-33/2025-34", "2025-01-01", "2025-06-30"),
        ("2026-07/..", "2026-07-01", None),
        ("2026-07/", "2026-07-01", None),
        ("../2030-12", None, "2030-12-31"),
        ("/2030", None, "2030-12-31"),
        ("[2026,2027]", "2026-01-01", "2027-12-31"),
        ("[2028,2026-05]", "2026-05-01", "2028-12-31"),
        ("[..2030]", None, "2030-12-31"),
        ("[2026..]", "2026-01-01", None),
        ("[2024,2026..2028]", "2024-01-01", "2028-12-31"),
        ("{2026-01,2026-03}", "2026-01-01", "2026-03-31"),
    ],
)
def test_a_date_has_its_first_and_last_day(
    text: str, earliest: str | None, latest: str | None
) -> None:
    assert bounds(text) == (earliest, latest)
    assert parse(text).edtf == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("2026-Q3", "2026-35"),
        ("2026Q1", "2026-33"),
        ("2026-q4~", "2026-36~"),
        ("2026-H2", "2026-41"),
        ("2026h1", "2026-40"),
        ("2026-Q3/2027-Q1", "2026-35/2027-33"),
        ("[2026-Q3, 2026-Q4]", "[2026-35,2026-36]"),
        (" 2026 / 2027\n", "2026/2027"),
        ("202x", "202X"),
        ("~2026", "2026~"),
    ],
)
def test_what_people_write_instead_becomes_canonical(text: str, canonical: str) -> None:
    assert parse(text).edtf == canonical


@pytest.mark.parametrize(
    ("text", "approximate"),
    [
        ("2026~", True),
        ("2026%", True),
        ("2026-07~/2027", True),
        ("2026-~07", True),
        ("2026~-07-15", True),
        ("[2026~,2027]", True),
        ("2026?", False),
        ("2026?-07", False),
        ("2026", False),
    ],
)
def test_approximate_is_marked_and_widens_nothing(text: str, *, approximate: bool) -> None:
    plain = text.translate(str.maketrans("", "", "~%?"))

    assert parse(text).approximate is approximate
    assert bounds(text) == bounds(plain)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not EDTF"),
        ("soon", "is not EDTF; write 2026"),
        ("2026-13", "no such month"),
        ("2026-00", "no such month"),
        ("2026-20", "no such month"),
        ("2026-42", "no such month"),
        ("2026-02-30", "2026-02 runs from 01 to 28"),
        ("2027-02-29", "no such day"),
        ("2026-07-00", "no such day"),
        ("2026-23-01", "day of a season"),
        ("2026-02-3X", "fits no day"),
        ("XXXX-02-30", "fits no day"),
        ("2027/2026", "ends before it begins"),
        ("2026-07-15/2026-06", "ends before it begins"),
        ("[2027..2026]", "ends before it begins"),
        ("2026/2027/2028", "more than two ends"),
        ("../..", "names no date"),
        ("/", "names no date"),
        ("[..]", "names no date"),
        ("[2026,..2027]", "open in its middle"),
        ("[]", "is not EDTF"),
        ("[2026", "is not EDTF"),
        ("~2026~", "marks one part twice"),
        ("2026-7", "is not EDTF"),
        ("26", "is not EDTF"),
        ("0000", "years 0001 to 9999"),
        ("-0044", "years 0001 to 9999"),
        ("Y17000", "years 0001 to 9999"),
        ("Y-17E7", "years 0001 to 9999"),
        ("9999-24", "years 0001 to 9999"),
        ("2026-07-01T12:00", "time of day"),
        ("2026-07-01 12:00", "time of day"),
        ("٢٠٢٦", "plain digits"),
        ("\uff12\uff10\uff12\uff16", "plain digits"),
        ("2026" * 60, "too long"),
    ],
)
def test_what_is_no_date_is_refused_in_one_sentence(text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason) as refused:
        parse(text)

    assert "\n" not in str(refused.value)


def test_a_refusal_is_harmless_to_a_terminal() -> None:
    with pytest.raises(Invalid) as refused:
        parse("20\x1b[31m\n26")

    assert str(refused.value).isprintable()


@given(st.dates())
def test_a_day_spans_itself(day: date) -> None:
    assert Span.of_day(day) == parse(day.isoformat())
    assert Span.of_day(datetime(day.year, day.month, day.day)) == Span.of_day(day)  # noqa: DTZ001 - a moment without a zone is a day all the same
    assert parse(day.isoformat()).earliest == parse(day.isoformat()).latest == day


YEARS = st.integers(1, 9998).map("{:04}".format)
MONTHS = st.builds("{}-{:02}".format, YEARS, st.integers(1, 12))
DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9998, 12, 31)).map(date.isoformat)
CODES = st.builds("{}-{}".format, YEARS, st.integers(21, 41))
DECADES = st.integers(1, 998).map("{:03}X".format)
PLAIN = st.one_of(YEARS, MONTHS, DAYS)
MARKED = st.builds(
    "{}{}".format, st.one_of(PLAIN, CODES, DECADES), st.sampled_from(["", *"?~%"])
)
PAIRS = st.builds("{}/{}".format, MARKED | st.just(".."), MARKED | st.sampled_from(["..", ""]))
SETS = st.builds(
    "{}{}{}".format,
    st.just("["),
    st.lists(MARKED, min_size=1, max_size=5).map(",".join),
    st.just("]"),
)
ANY = st.one_of(MARKED, PAIRS, SETS)


@given(ANY)
def test_a_date_never_ends_before_it_begins_and_is_a_fixed_point(text: str) -> None:
    with contextlib.suppress(Invalid):
        span = parse(text)

        assert not (span.earliest and span.latest) or span.earliest <= span.latest
        assert parse(span.edtf) == span


@given(st.text(alphabet="0123456789X-/.,[]{}?~%QHYST: ", max_size=30) | st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(Invalid):
        assert parse(parse(text).edtf) == parse(text)


def told_by_oracle(text: str) -> tuple[date, date]:
    with contextlib.redirect_stdout(io.StringIO()):
        parsed = oracle.parse_edtf(text)
    first, last = parsed.lower_strict(), parsed.upper_strict()
    return date(*first[:3]), date(*last[:3])


# The package knows no years of four digits below 1000 in a set, ends a winter with the
# year, and an open interval ten years on: there it is no oracle.
RECENT = st.integers(1900, 2100)
SURE = st.one_of(
    RECENT.map("{:04}".format),
    st.builds("{}-{:02}".format, RECENT, st.integers(1, 12)),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)).map(date.isoformat),
    st.builds("{}-{}".format, RECENT, st.sampled_from([21, 22, 23, 25, 29, *range(33, 42)])),
    st.integers(190, 210).map("{:03}X".format),
    RECENT.map("{}-XX".format),
    st.builds("{}-{:02}-XX".format, RECENT, st.integers(1, 12)),
)


@pytest.mark.slow
@given(SURE)
def test_it_agrees_with_the_package_edtf_on_dates(text: str) -> None:
    span = parse(text)

    assert (span.earliest, span.latest) == told_by_oracle(text)


@pytest.mark.slow
@given(
    st.tuples(RECENT, RECENT).map(sorted), st.sampled_from(["{}/{}", "[{},{}]", "{{{},{}}}"])
)
def test_it_agrees_with_the_package_edtf_on_pairs(years: list[int], shape: str) -> None:
    text = shape.format(*years)

    span = parse(text)

    assert (span.earliest, span.latest) == told_by_oracle(text)


@given(RECENT, st.integers(1, 12))
def test_a_month_ends_with_its_last_day(year: int, month: int) -> None:
    span = parse(f"{year}-{month:02}")

    assert span.latest == date(year, month, monthrange(year, month)[1])


def test_a_text_as_long_as_can_be_is_read() -> None:
    text = f"[{','.join(['2026'] * 39)}]"

    assert LONGEST - 5 < len(text) <= LONGEST
    assert parse(text).earliest == date(2026, 1, 1)
