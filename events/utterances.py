"""Words as said, in whichever of the languages gives them a meaning."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from events import edtf, lexicon
from events.claims import Phrase
from events.edtf import LONGEST, Span, quoted
from events.errors import Doubt, Invalid
from events.lexicon import Lexicon, Meaning
from events.relative import Publication
from events.spelling import tokens

__all__ = ["Publication", "understood"]

_MEND = 'names no date. Write 2026, "2026 or 2027", "H2 2026", 2026-Q3, "by 2030" or EDTF.'
_FIGURES = re.compile(r"[\[{./]*[0-9]{3}[0-9X][0-9X/.,?~%{}\[\] TSYQH:-]*")
_MOST_TOKENS = 40


def understood(words: str, published: Publication) -> Span:
    """The one reading that all languages allow; raises `Doubt` or `Invalid` without one."""
    spans, doubts = _readings(_tokens(words), published)
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


def _readings(said: list[str], published: Publication) -> tuple[set[Span], list[str]]:
    """Every reading of some tokens; where there is none, what each language doubts."""
    spans: set[Span] = set()
    doubts: list[str] = []
    for languages in _rounds(said):
        doubts.clear()
        for language in languages:
            _read_in(language, said, published, spans, doubts)
        if spans:
            break
    return spans, doubts


def _rounds(said: list[str]) -> Iterator[Iterable[Lexicon]]:
    """Languages to try until one gives a reading: loading and reading all takes 30 ms.

    Figures mean the same in each, and only one that knows every word can account for all;
    why there is no reading, any of them may say.
    """
    if said and lexicon.NONE.knows(said):
        yield (lexicon.NONE,)
    if said:
        languages = lexicon.languages()
        yield [language for language in languages if language.knows(said)]
        yield languages


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
