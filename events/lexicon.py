"""The words of six languages that dates are made of, each with its roles.

The words themselves are data, a file a language in `words/`. A line is a role, its
value where it has one, and the forms: `month 6: june, jun`. A line `= end of the year:
year-end` has forms that stand for other words of the same file. `doubt` marks what
people understand in more than one way, and its value says why it is refused.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from events.numerals import Role, Roles, meanings
from events.spelling import fold, fold_lines, words

_WORDS = Path(__file__).with_name("words")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


Form = tuple[str, ...]
Meaning = tuple[Role, int]  # a role, and the place after its last token


class Lexicon(NamedTuple):
    """The roles of each form, a form being one or more tokens."""

    forms: dict[Form, Roles]
    aliases: dict[Form, Form]
    longest: int
    known: frozenset[str]

    def knows(self, said: list[str]) -> bool:
        """Say whether each token is part of some form, or a figure or a sign."""
        return all(
            token in self.known or not token[0].isalpha() or meanings(token) for token in said
        )


NONE: Final = Lexicon({}, {}, 1, frozenset())
"""No language: enough for figures and signs, which mean the same in all."""


@lru_cache(maxsize=1)
def languages() -> tuple[Lexicon, ...]:
    """Load every language, once a process."""
    return tuple(_load(path.read_text("utf-8")) for path in sorted(_WORDS.glob("*.txt")))


def _load(text: str) -> Lexicon:
    forms: dict[Form, Roles] = {}
    aliases: dict[Form, Form] = {}
    lines = [line.partition(":") for line in text.splitlines() if not line.startswith("#")]
    entries = [(head.strip(), tail) for head, colon, tail in lines if colon]
    for (head, _), spelt in zip(entries, _spelt([tail for _, tail in entries]), strict=True):
        kind, _, value = head.partition(" ")
        if kind == "=":
            aliases |= dict.fromkeys(spelt, tuple(words(fold(value))))
            continue
        role = Role(kind, _value(kind, value))
        for form in spelt:
            forms[form] = (*forms.get(form, ()), role)
    known = frozenset(token for form in (*forms, *aliases) for token in form)
    return Lexicon(forms, aliases, max(len(form) for form in [*forms, *aliases]), known)


def _value(kind: str, value: str) -> int | str:
    if kind == "doubt":
        return f"{value}."
    return int(value) if value.lstrip("-").isdecimal() else value


def _spelt(tails: list[str]) -> Iterator[dict[Form, None]]:
    """Split lines into their forms, each with and without its umlauts written out.

    All lines are folded at once: a line at a time takes most of the loading.
    """
    text = "\n".join(tails)
    versions = (fold_lines(text), fold_lines(text.translate(_UMLAUTS)))
    for plain, written_out in zip(*versions, strict=True):
        both = (plain,) if plain == written_out else (plain, written_out)
        forms = (form for version in both for form in version.split(","))
        yield dict.fromkeys(tuple(words(form)) for form in forms)


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
