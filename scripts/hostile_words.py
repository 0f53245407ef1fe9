"""Words, dates and figures that nobody sane would type, from a seeded generator.

Half is made by the grammar (the words of six languages, EDTF, the shipped journals), half is
that with signs exchanged.
"""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from events import lexicon

T = TypeVar("T")
BLOCK: Final = 8_192
FIRST: Final = date(2015, 1, 1)

NASTY: Final = [
    *("", " ", "\x00", "\x1b[31mred", "\x1b]0;title\x07", "=1+1", "+1", "-1", "@x", "\t", "\r"),
    *("\n", "\r\n", "'", "''", "'=1", '"', '""', "a;b", ";", "[x", "[", "]", "{}", ",", "\\"),
    *("\u202e", "\u2028", "\u2029", "\ufeff", "\x85", "\ud800", "\udcff", "é", "e\u0301"),
    *(
        "\uff11\uff12",
        "\u0663",
        "²",
        "½",
        "Ⅻ",
        "İ",
        "ß",
        "🚗",
        "👩‍👩‍👧",
        "<script>",
        "%s",
        "{0}",
        "[red]",
    ),
    *("null", "true", "NaN", "Infinity", "1e400", "-0", "0x10", "1_000", "1,000", "\u066b5"),
    *("x" * 201, "x" * 401, "x" * 4_001, "9" * 400, "0" * 5_000, "../../etc", "-" * 90),
]
"""Texts that have broken something somewhere before."""


class Dice:
    """A seeded generator of the choices that a case is made of; numbers come in blocks."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._left: list[float] = []

    def roll(self) -> float:
        """A number from 0 up to 1."""
        if not self._left:
            self._left = self._rng.random(BLOCK).tolist()
        return self._left.pop()

    def below(self, count: int) -> int:
        """A whole number from 0 up to `count`."""
        return int(self.roll() * count)

    def pick(self, some: Sequence[T]) -> T:
        """One of them."""
        return some[self.below(len(some))]

    def often(self, chance: float) -> bool:
        """Whether it happens this time."""
        return self.roll() < chance


@lru_cache(maxsize=1)
def shipped() -> tuple[str, ...]:
    """The lines of both journals that come with Tracker."""
    folder = files("events") / "journals"
    return tuple(
        line
        for name in ("automotive", "leapmotor")
        for line in (folder / f"{name}.ndjson").read_text("utf-8").splitlines()
    )


@lru_cache(maxsize=1)
def _spoken() -> tuple[tuple[str, ...], ...]:
    """The forms of each language, as its file of words has them."""
    folder = Path(str(lexicon.__file__)).with_name("words")
    return tuple(
        tuple(
            form.strip()
            for line in path.read_text("utf-8").splitlines()
            if not line.startswith("#")
            for form in line.partition(":")[2].split(",")
            if form.strip()
        )
        for path in sorted(folder.glob("*.txt"))
    )


@lru_cache(maxsize=1)
def _told() -> tuple[str, ...]:
    """Dates in words that stand in the shipped journals."""
    lines = map(json.loads, shipped())
    keys = ("occurred_words", "expected_start_words", "occurred", "expected_start")
    return tuple({line[key] for line in lines for key in keys if key in line})


def day(dice: Dice) -> str:
    """A day of the last years, in ISO."""
    return (FIRST + timedelta(days=dice.below(4_300))).isoformat()


def edtf(dice: Dice) -> str:
    """A date in EDTF, or nearly."""
    parts = [_one(dice) for _ in range(1 + dice.below(3))]
    shape = dice.below(8)
    if shape < 3:  # noqa: PLR2004 - the plain date is the commonest
        made = parts[0]
    elif shape < 5:  # noqa: PLR2004 - then the interval
        made = f"{dice.pick([parts[0], '..', ''])}/{dice.pick([parts[-1], '..', ''])}"
    else:
        dots = dice.pick([",", ",", "..", ", "])
        made = dice.pick(["[%s]", "{%s}", "[%s..]", "[..%s]"]) % dots.join(parts)
    return _garbled(dice, made) if dice.often(0.3) else made


def _one(dice: Dice) -> str:
    year = dice.pick(["2026", "2024", "19XX", "202X", "0001", "9999", "0000", "20260", "Y17E8"])
    month = dice.pick(["01", "12", "13", "00", "21", "24", "25", "33", "36", "41", "XX", "1X"])
    mark = dice.pick(["", "", "", "~", "?", "%", "~?"])
    match dice.below(6):
        case 0:
            return f"{year}{mark}"
        case 1:
            return f"{year}-{month}{mark}"
        case 2:
            return f"{year}-{dice.pick(['Q1', 'Q5', 'H2', 'q3', 'h1'])}{mark}"
        case 3:
            return (
                f"{mark}{year}-{mark}{month}-{dice.pick(['01', '29', '30', '31', '32', 'XX'])}"
            )
        case 4:
            return day(dice)
        case _:
            return f"{year}S{dice.below(6)}"


INTRUDERS: Final = ("not", "non", "nicht", "pas", "no", "nie", "zorp", "51", "%")
"""Words that must not be dropped in silence."""


def phrase(dice: Dice) -> tuple[str, str | None, str]:
    """Words for a date in one of six languages, a day of publication, a word to put before."""
    published = day(dice) if dice.often(0.8) else None
    if dice.often(0.3):
        words = dice.pick(_told())
    else:
        forms = dice.pick(_spoken())
        count = 1 + dice.below(4)
        words = " ".join(
            _figure(dice) if dice.often(0.35) else dice.pick(forms) for _ in range(count)
        )
    words = _garbled(dice, words) if dice.often(0.25) else words
    return words, published, dice.pick(INTRUDERS)


def _figure(dice: Dice) -> str:
    return dice.pick(
        [
            *("2026", "2027", "2030", "26", "'27", "27", "3", "15", "1st", "2.", "2026/27"),
            *("2026-27", "03/04/2026", "06/2026", "Q3", "H2", "1.5", "51 %", "150,000", "1"),
            *("2026 or 2027", "twenty", "1999", "2200", "12.5.2026", "5 May", "2o26", "third"),
        ]
    )


def _garbled(dice: Dice, text: str) -> str:
    """A text with signs put in, taken out, doubled or exchanged."""
    for _ in range(1 + dice.below(3)):
        place = dice.below(len(text) + 1)
        match dice.below(6):
            case 0:
                text = text[:place] + text[place + 1 :]
            case 1:
                text = text[:place] + dice.pick(NASTY[:60]) + text[place:]
            case 2:
                text = text[:place] + dice.pick("0129-/.,~?%[]{}X TQ") + text[place + 1 :]
            case 3:
                text = text[:place] + text[dice.below(len(text) + 1) :]
            case 4:
                text += text[place : place + 20]
            case _:
                text = dice.pick([str.upper, str.title, str.swapcase, str.lower])(text)
    return text


def number(dice: Dice) -> str:
    """A figure as somebody types it."""
    plain = str(dice.below(10 ** (1 + dice.below(16))))
    match dice.below(8):
        case 0:
            return f"{int(plain):,}"
        case 1:
            return f"{plain}.{dice.below(1000)}"
        case 2:
            return f"{int(plain):_}"
        case 3:
            return dice.pick(["-", "+", "", " ", "$", "€", "~", "ca. "]) + plain
        case 4:
            return plain + dice.pick(["%", " %", "k", "m", "e3", "E400", " units", ".", ","])
        case 5:
            return _garbled(dice, f"{int(plain):,}")
        case 6:
            return dice.pick(NASTY)
        case _:
            return plain


def text(dice: Dice) -> str:
    """A slug, title, address or sentence, or what may stand in its place."""
    words = ["byd", "szeged", "2026", "Plant", "é", "https://example.org/a?b=c&d", "a" * 81]
    made = dice.pick(["-", " ", "", "--", "_"]).join(
        dice.pick(words) for _ in range(1 + dice.below(3))
    )
    return dice.pick([made, dice.pick(NASTY), _garbled(dice, made), made + dice.pick(NASTY)])
