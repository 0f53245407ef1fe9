"""Dates in people's words, in six languages, to EDTF.

English, Italian, German, French, Spanish and Polish. Every word of a phrase must have
its place: what is not understood is refused, since a wrong date is worse than none.
"""

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from events import edtf, lexicon
from events.claims import Phrase
from events.edtf import LONGEST, Span, quoted
from events.errors import Invalid
from events.lexicon import Lexicon, Meaning
from events.numerals import YEARS
from events.relative import Doubt, Publication
from events.spelling import tokens

_MEND = 'names no date. Write 2026, "2026 or 2027", "H2 2026", 2026-Q3, "by 2030" or EDTF.'
_YEAR_AND_CODE = re.compile(r"(?<![0-9-])[0-9]{2}([0-9]{2})-([0-9]{2})(?![0-9-])")
_FIGURES = re.compile(r"[\[{./]*[0-9]{3}[0-9X][0-9X/.,?~%{}\[\] TSYQH:-]*")
_FIRST_QUARTER = 33  # the code people do write
_MOST_TOKENS = 40


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
        return _near(_in_figures(words) or _in_words(words, _publication(published)))
    except Doubt as doubt:
        raise Invalid(f"{quoted(words)} {doubt}") from None


def _publication(published: date | Span | None) -> Publication:
    if isinstance(published, date):
        published = Span.of_day(published)
    return Publication(said=published)


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


def _in_words(words: str, published: Publication) -> Span:
    said = _tokens(words)
    spans: set[Span] = set()
    doubts: list[str] = []
    for language in lexicon.languages() if said else ():
        _read_in(language, said, published, spans, doubts)
    if len(spans) > 1:
        readings = " or ".join(sorted(span.edtf for span in spans))
        raise Doubt(f"may be read as {readings}; write one of them.")
    if spans:
        return spans.pop()
    if doubts:
        raise Doubt(doubts[0])
    if _FIGURES.fullmatch(words.strip()):
        return edtf.parse(words)  # whose refusal says what is wrong with figures
    raise Invalid(f"{quoted(words)} {_MEND}")


def _tokens(words: str) -> list[str]:
    found = tokens(words) if len(words) <= LONGEST else []
    return found if len(found) <= _MOST_TOKENS else []


def _read_in(
    language: Lexicon,
    said: list[str],
    published: Publication,
    spans: set[Span],
    doubts: list[str],
) -> None:
    """Add every reading in one language, or why there is none."""
    for spelling in lexicon.spellings(said, language):
        meanings = lexicon.meanings_at(spelling, language)
        ambiguous = [str(reason) for reason in _ambiguities(meanings)]
        if ambiguous:
            doubts += ambiguous
            continue
        for claim in Phrase(meanings).claims():
            try:
                spans.add(edtf.parse(claim(published)))
            except Doubt as doubt:
                doubts.append(str(doubt))
            except Invalid:
                doubts.append("ends before it begins; write the earlier date first.")


def _ambiguities(meanings: list[list[Meaning]]) -> Iterator[int | str]:
    """Give why words are ambiguous, if more words do not settle it: "... of May"."""
    for role, end in chain(*meanings):
        settled = any(then.kind == "of" for then, _ in chain(*meanings[end : end + 1]))
        if role.kind == "doubt" and not settled:
            yield role.value
