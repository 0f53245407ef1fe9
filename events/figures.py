"""Figures as people type them: a point may part thousands as well as decimals."""

from __future__ import annotations

import re
from typing import Final

from events.lines import NUMBERS

PARTED: Final = re.compile(r"[1-9]\d{0,2}(\.\d{3})+")

COUNTED: Final = frozenset(NUMBERS) - {"stake_pct"}
"""Keys of figures that may go into thousands; a percentage has one reading."""


def doubt(key: str, text: str) -> str | None:
    """The end of a sentence that says why a figure is not read; None where it is plain.

    >>> doubt("volume", "1.600")
    'is ambiguous. Write 1600 or 1.6.'
    >>> doubt("volume", "1.6")
    """
    figure = text.strip()
    if key not in COUNTED or not PARTED.fullmatch(figure):
        return None
    whole, *groups = figure.split(".")
    thousands = f"{whole}{''.join(groups)}"
    if len(groups) > 1:
        return f"has points between its thousands. Write {thousands}."
    return f"is ambiguous. Write {thousands} or {_decimal(whole, groups[0])}."


def doubt_in_a_sheet(key: str, text: str) -> str | None:
    """The same of a sheet's cell: no program writes the noughts of 1.600, but it may 1.234."""
    return doubt(key, text) if text.strip().endswith("0") or text.count(".") > 1 else None


def _decimal(whole: str, group: str) -> str:
    """The other reading, which is one itself: 1.6 for 1.600, and 1.2340 for 1.234."""
    digits = group.rstrip("0")
    if not digits:
        return whole
    return f"{whole}.{digits}{'0' if len(digits) == len(group) else ''}"
