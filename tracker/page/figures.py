"""Numbers as a page shows them."""

from __future__ import annotations

from typing import Final

LARGE: Final = 10_000
"""Below it a whole number may be a year and has no comma."""


def units(amount: float) -> str:
    """A number of units as people write it: 150,000."""
    return f"{amount:,.0f}" if abs(amount) >= 1 or not amount else f"{amount:,.2g}"


def cell(value: object) -> str:
    """A value of a picture's data: numbers with commas, nothing for none."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}" if abs(value) >= LARGE else str(value)
        case float():
            return f"{value:,.6g}"
        case _:
            return str(value)
