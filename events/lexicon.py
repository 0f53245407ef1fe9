"""The words of six languages that dates are made of, each with its roles.

The words themselves are data, a file a language in `words/`. A line is a role, its
value where it has one, and the forms: `month 6: june, jun`. A line `= end of the year:
year-end` has forms that stand for other words of the same file. `doubt` marks what
people understand in more than one way, and its value says why it is refused.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from events.numerals import Role, Roles, meanings
from events.spelling import fold, tokens

_WORDS = Path(__file__).with_name("words")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Lexicon(NamedTuple):
    """The roles of each form, a form being one or more tokens."""

    forms: dict[tuple[str, ...], Roles]
    aliases: dict[tuple[str, ...], tuple[str, ...]]
    longest: int


@lru_cache(maxsize=1)
def languages() -> tuple[Lexicon, ...]:
    """Load every language, once a process."""
    return tuple(_load(path.read_text("utf-8")) for path in sorted(_WORDS.glob("*.txt")))


def _load(text: str) -> Lexicon:
    forms: dict[tuple[str, ...], Roles] = {}
    aliases: dict[tuple[str, ...], tuple[str, ...]] = {}
    for line in text.splitlines():
        head, colon, tail = line.partition(":")
        if not colon or line.startswith("#"):
            continue
        kind, _, value = head.strip().partition(" ")
        for form in _spelt(tail):
            if kind == "=":
                aliases[form] = _tokens(value)
            else:
                role = Role(kind, int(value) if value.lstrip("-").isdecimal() else value)
                forms[form] = (*forms.get(form, ()), role)
    return Lexicon(forms, aliases, max(len(form) for form in [*forms, *aliases]))


def _spelt(tail: str) -> set[tuple[str, ...]]:
    """Give each form of a line with and without its umlauts written out."""
    return {_tokens(form) for text in (tail, tail.translate(_UMLAUTS)) for form in text.split(",")}


def _tokens(form: str) -> tuple[str, ...]:
    found = tokens(fold(form) or "")
    assert found, form  # noqa: S101 - our own data
    return tuple(found)


def roles(said: list[str], lexicon: Lexicon) -> list[Roles] | None:
    """Give the roles of a phrase's tokens, longest forms first; None when one has none."""
    found: list[Roles] = []
    at = 0
    while at < len(said):
        for size in range(min(lexicon.longest, len(said) - at), 0, -1):
            form = tuple(said[at : at + size])
            if known := _roles_of(form, lexicon):
                found += known
                at += size
                break
        else:
            return None
    return found


def _roles_of(form: tuple[str, ...], lexicon: Lexicon) -> list[Roles] | None:
    if form in lexicon.aliases:
        return roles(list(lexicon.aliases[form]), lexicon)
    if form in lexicon.forms:
        return [lexicon.forms[form]]
    if len(form) == 1 and (mean := _SIGNS.get(form[0]) or meanings(form[0])):
        return [mean]
    return None


_SIGNS = {
    "-": (Role("dash"),),
    "/": (Role("slash"),),
    ",": (Role("comma"), Role("the")),
}
