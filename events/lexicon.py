"""The words of six languages that dates are made of, each with its roles.

The words themselves are data, a file a language in `words/`. A line is a role, its
value where it has one, and the forms: `month 6: june, jun`. A line `= end of the year:
year-end` has forms that stand for other words of the same file. `doubt` marks what
people understand in more than one way, and its value says why it is refused.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from events.numerals import Role, Roles, meanings
from events.spelling import fold, words

_WORDS = Path(__file__).with_name("words")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


Form = tuple[str, ...]
Meaning = tuple[Role, int]  # a role, and the place after its last token


class Lexicon(NamedTuple):
    """The roles of each form, a form being one or more tokens."""

    forms: dict[Form, Roles]
    aliases: dict[Form, Form]
    longest: int


@lru_cache(maxsize=1)
def languages() -> tuple[Lexicon, ...]:
    """Load every language, once a process."""
    return tuple(_load(path.read_text("utf-8")) for path in sorted(_WORDS.glob("*.txt")))


def _load(text: str) -> Lexicon:
    forms: dict[Form, Roles] = {}
    aliases: dict[Form, Form] = {}
    for line in text.splitlines():
        head, colon, tail = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        kind, _, value = head.strip().partition(" ")
        if kind == "=":
            aliases |= dict.fromkeys(_spelt(tail), next(iter(_spelt(value))))
            continue
        role = Role(kind, _value(kind, value))
        for form in _spelt(tail):
            forms[form] = (*forms.get(form, ()), role)
    return Lexicon(forms, aliases, max(len(form) for form in [*forms, *aliases]))


def _value(kind: str, value: str) -> int | str:
    if kind == "doubt":
        return f"{value}."
    return int(value) if value.lstrip("-").isdecimal() else value


def _spelt(tail: str) -> dict[Form, None]:
    """Split a line into its forms, each with and without its umlauts written out."""
    spellings = dict.fromkeys((tail, tail.translate(_UMLAUTS)))
    folded = [form for spelling in spellings for form in fold(spelling).split(",")]
    return dict.fromkeys(tuple(words(form)) for form in folded)


def spellings(said: list[str], lexicon: Lexicon) -> Iterator[list[str]]:
    """Give the tokens as said, and with every form that stands for other words replaced."""
    yield said
    plain: list[str] = []
    at = 0
    while at < len(said):
        sizes = range(min(lexicon.longest, len(said) - at), 0, -1)
        size = next((n for n in sizes if tuple(said[at : at + n]) in lexicon.aliases), 0)
        plain += lexicon.aliases[tuple(said[at : at + size])] if size else said[at : at + 1]
        at += size or 1
    if plain != said:
        yield plain


def meanings_at(said: list[str], lexicon: Lexicon) -> list[list[Meaning]]:
    """Give, for each token, every role of every form that begins there, and its end."""
    found: list[list[Meaning]] = []
    for at, token in enumerate(said):
        known = [(role, at + 1) for role in (*_SIGNS.get(token, ()), *meanings(token))]
        for end in range(at + 1, min(at + lexicon.longest, len(said)) + 1):
            known += [(role, end) for role in lexicon.forms.get(tuple(said[at:end]), ())]
        found.append(_without_shorter_leads(known))
    return found


def _without_shorter_leads(known: list[Meaning]) -> list[Meaning]:
    """Keep "expected for" whole: its "for" is no preposition of the date."""
    longest = max((end for role, end in known if role.kind == "lead"), default=0)
    return [(role, end) for role, end in known if role.kind != "lead" or end == longest]


_SIGNS = {
    "-": (Role("dash"),),
    "/": (Role("slash"),),
    ",": (Role("comma"), Role("the")),
}
