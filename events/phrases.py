"""Dates in people's words, in six languages, to EDTF.

English, Italian, German, French, Spanish and Polish. Every word of a phrase must have
its place: what is not understood is refused, since a wrong date is worse than none.
"""

import re
from datetime import date

from events import edtf
from events.edtf import YEARS, Span, quoted
from events.errors import Doubt, Invalid

_YEAR_AND_CODE = re.compile(r"(?<![0-9-])[0-9]{2}([0-9]{2})-([0-9]{2})(?![0-9-])")
_FIRST_QUARTER = 33  # the code people do write


def read(words: str, *, published: date | Span | None) -> Span:
    """Read EDTF, or words, relative ones against the day or month of publication.

    A month or season without a year is the next one on or after publication, "from"
    leaves the end open, "by" and "until" the beginning, and "around", "early", "mid",
    "late" and "end of" make a date approximate. Years run from 1900 to 2199.

    >>> read("not before autumn 2026", published=None).edtf
    '2026-09/..'
    >>> read("within two years", published=date(2024, 2, 20)).edtf
    '2024-02/2026-02'

    Raises Invalid, with a sentence that says why or how to write it.
    """
    try:
        return _near(_in_figures(words) or _in_words(words, published))
    except Doubt as doubt:
        raise Invalid(f"{quoted(words)} {doubt}") from None


def _in_words(words: str, published: date | Span | None) -> Span:
    """The languages and their grammar take 30 ms to load: figures never need them."""
    from events.utterances import Publication, understood  # noqa: PLC0415 - as said above

    said = Span.of_day(published) if isinstance(published, date) else published
    return understood(words, Publication(said=said))


def _near(span: Span) -> Span:
    if any(day and day.year not in YEARS for day in (span.earliest, span.latest)):
        raise Doubt("lies outside the years 1900 to 2199; write a nearer year.")
    return span


def _in_figures(words: str) -> Span | None:
    try:
        span = edtf.parse(words)
    except Invalid:
        return None
    for year, code in _YEAR_AND_CODE.findall(words):
        if _like_a_year(int(year), int(code)):
            raise Doubt("is ambiguous: write 2024/2025 for two years, or the season in words.")
    return span


def _like_a_year(year: int, code: int) -> bool:
    """Say whether EDTF's summer 2024, 2024-22, might be two years to its writer."""
    return code in edtf.MONTHS_OF and (code == year + 1 or year < code < _FIRST_QUARTER)
