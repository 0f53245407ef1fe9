"""Words as people type them, to plain tokens."""

import re
import unicodedata
from functools import lru_cache

from events.numerals import FIGURES

_SIGNS = str.maketrans(
    dict.fromkeys("’‘ʼ´`′", "'")
    | dict.fromkeys("–—−‒‐‑", "-")
    | dict.fromkeys('“”„«»"', " ")
    | {"ł": "l", "Ł": "l", "º": "o", "°": "o", "ª": "a", "œ": "oe"}
)
_ACCENTS = re.compile("[\u0300-\u036f]+")
_WORD = r"[a-z]+'?|-"


def fold(text: str) -> str:
    """Fold case, accents and typographic signs: `Été ’24` becomes `ete '24`."""
    plain = unicodedata.normalize("NFKD", text.translate(_SIGNS).casefold())
    return _ACCENTS.sub("", plain).strip()


def fold_lines(text: str) -> list[str]:
    """Fold each line of a text, which has one at least."""
    return fold(text).split("\n")


def words(folded: str) -> list[str]:
    """Split folded text that has neither figures nor a place in a sentence."""
    return re.findall(_WORD, folded)


def tokens(text: str) -> list[str]:
    """Fold and split a phrase; none when anything is left over."""
    if any(sign.isnumeric() and not sign.isascii() for sign in text):
        return []  # none of the figures 0 to 9
    found, at = [], 0
    folded = fold(text).rstrip(" .,;!")
    while at < len(folded):
        match = _token().match(folded, at)
        if not match:
            return []
        at = match.end()
        if match.lastgroup:
            found.append(match[match.lastgroup])
    return found


@lru_cache(maxsize=1)
def _token() -> re.Pattern[str]:
    """Compile what a token is, late: most dates are EDTF and need none of it."""
    return re.compile(
        rf"""\s*(?:
          (?P<figures>(?:{FIGURES})(?![0-9a-z]|[./-][0-9]|,[0-9]{{1,3}}(?![0-9])))
        | (?P<word>{_WORD})
        | (?P<sign>[/,])
        | (?<=[a-z])\.   # the dot of an abbreviation
        )""",
        re.VERBOSE,
    )
