"""Words as people type them, to plain tokens."""

import re
import unicodedata

from events.numerals import FIGURES

_SIGNS = str.maketrans(
    dict.fromkeys("’‘ʼ´`′", "'")
    | dict.fromkeys("–—−‒‐‑", "-")
    | dict.fromkeys('“”„«»"', " ")
    | {"ł": "l", "º": "o", "°": "o", "ª": "a", "œ": "oe"}
)
_TOKEN = re.compile(
    rf"""\s*(?:
      (?P<figures>(?:{FIGURES})(?![0-9a-z]|[./-][0-9]|,[0-9]{{3}}(?![0-9])))
    | (?P<word>[a-z]+'?)
    | (?P<sign>[-/,])
    | (?<=[a-z])\.   # the dot of an abbreviation
    )""",
    re.VERBOSE,
)


def fold(text: str) -> str | None:
    """Fold case, accents and typographic signs: `Été ’24` becomes `ete '24`.

    None when a figure is none of 0 to 9.
    """
    if any(sign.isnumeric() and not sign.isascii() for sign in text):
        return None
    plain = unicodedata.normalize("NFKD", text.translate(_SIGNS).casefold())
    plain = plain.replace("ł", "l")
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).strip()


def tokens(folded: str) -> list[str] | None:
    """Split folded text; None when anything is left over."""
    found, at = [], 0
    text = folded.rstrip(" .,;!")
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            return None
        at = match.end()
        if match.lastgroup:
            found.append(match[match.lastgroup])
    return found
