"""Single days, in figures or in words, where no month or year will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.errors import Invalid

if TYPE_CHECKING:
    from datetime import date

    from events.edtf import Span

MEND = "Write it as 2024-06-30."


def single(words: str, *, today: date, option: str) -> Span:
    """The one day that words mean, relative ones against `today`.

    Raises `Invalid` with the option in front, for what is no day and for what is several.
    """
    from events import phrases

    try:
        span = phrases.read(words, published=today)
    except Invalid as error:
        # Of what is no date at all the reader tells how to write spans, which help nobody here.
        if "ambiguous" in str(error):
            raise Invalid(f"{option}: {error}") from error
        raise Invalid(f"{option}: {words[:60]!r} is no day. {MEND}") from error
    if span.earliest is None or span.earliest != span.latest:
        days = f"{span.earliest or 'open'} to {span.latest or 'open'}"
        raise Invalid(f"{option}: {words[:60]!r} is no single day, but {days}. {MEND}")
    return span


def reached(words: str, *, today: date, option: str) -> Span:
    """The same of a day that is looked back to: without its year, one ahead is not meant.

    Raises `Invalid`.
    """
    span = single(words, today=today, option=option)
    if span.earliest and span.earliest > today and str(span.earliest.year) not in words:
        raise Invalid(
            f"{option}: {words[:60]!r} reads as {span.edtf}, which is ahead. "
            "Write the year, if that is meant."
        )
    return span
