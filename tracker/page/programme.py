"""One programme's page, from its account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tracker import charts
from tracker.page.cards import answer, cards
from tracker.page.chances import chances, totals
from tracker.page.drawings import BROAD, COLUMN, in_widths
from tracker.page.evidence import shelves
from tracker.page.frame import render
from tracker.page.moves import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from events.facts import Fact
    from forecasts.evidence import Table
    from tracker.account import Account
    from tracker.page.drawings import Drawn
    from tracker.page.place import Place

WHOLE: Final = ("timeline", "moves")
"""Pictures that have the page's whole breadth."""


def draw(account: Account, place: Place) -> dict[str, Drawn]:
    """Every picture of an account by its name, in the widths of the place."""
    found = {}
    for name, chart in charts.CHARTS.items():
        pixels = {"wide": BROAD if name in WHOLE else COLUMN, "narrow": charts.NARROW}
        wanted = {width: chart(account, pixels[width]) for width in place.widths}
        if drawn := in_widths(wanted, place, account.slug, account.as_of):
            found[name] = drawn
    return found


def page(
    account: Account,
    place: Place,
    *,
    histories: Mapping[str, Sequence[Fact]],
    judged: Table,
    days: Iterable[tuple[date, int]] = (),
    said: str | None = None,
) -> str:
    """The page; `days` are those to choose from with the number of things then known.

    `said` is a sentence about what the reader has just done.
    """
    return render(
        "programme.html",
        account=account,
        answer=answer(account),
        cards=list(cards(account)),
        chances=list(chances(account)),
        days=list(days),
        drawn=draw(account, place),
        parts=list(parts(account.move, judged)) if account.move else [],
        place=place,
        said=said,
        totals=list(totals(account)),
        shelves=list(shelves(account, histories, judged)),
    )
