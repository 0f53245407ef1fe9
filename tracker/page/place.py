"""Where a page stands: on the server, in a folder of reports, or alone in a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from tracker.page.frame import Asset, asset, data_address

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

PAGES: Final = "/programmes"
PICTURES: Final = "/pictures"
"""Where programmes' pages are on the server, and the data of the first page's pictures."""

WIDTHS: Final = ("wide", "narrow")
"""For the desk and for the telephone."""

ICON: Final = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E"
    "%3Cpath d='M2 13C6 13 6 4 14 3' fill='none' stroke='%230072b2' stroke-width='2.4' "
    "stroke-linecap='round'/%3E%3C/svg%3E"
)
"""A curve that rises, in the page itself: browsers ask for one in any case."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """What differs between a page that is served and one that is a file.

    `beside` tells of a file whether its sisters lie in the same folder; `today` is the day
    that a plain address shows, `head` the ledger's last position on the server, `ready` whether
    the page is whole: what takes long follows by itself. `width` is that of the drawings, both
    where it is empty.
    """

    live: bool = False
    beside: bool = False
    today: date | None = None
    head: int = 0
    ready: bool = True
    width: str = ""
    cache: Path | None = None

    @property
    def widths(self) -> tuple[str, ...]:
        """Those in which a picture is drawn."""
        return (self.width,) if self.width else WIDTHS

    @property
    def css(self) -> Asset:
        """The stylesheet."""
        return asset("css")

    @property
    def js(self) -> Asset:
        """The script; a file has none."""
        return asset("js")

    @property
    def icon(self) -> str:
        """The address of the tab's picture."""
        return "/icon.svg" if self.live else ICON

    @property
    def policy(self) -> str | None:
        """What a file allows itself; the server says so in its headers."""
        if self.live:
            return None
        return (
            f"default-src 'none'; style-src {self.css.source}; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )

    @property
    def home(self) -> str | None:
        """The address of the first page."""
        return "/" if self.live else ("index.html" if self.beside else None)

    def page(self, slug: str, as_of: date | None = None) -> str | None:
        """The address of a programme's page, as of a day where that is not today."""
        if not self.live:
            return f"{slug}.html" if self.beside else None
        return f"{PAGES}/{slug}{self._day(as_of)}"

    def table(self, slug: str | None, name: str, as_of: date, text: str) -> str:
        """The address of a picture's data; without a slug, of one of the first page."""
        if self.live:
            about = f"{PAGES}/{slug}" if slug else PICTURES
            return f"{about}/{name}.csv?{urlencode({'as_of': as_of.isoformat()})}"
        return data_address(text)

    def _day(self, as_of: date | None) -> str:
        if as_of is None or as_of == self.today:
            return ""
        return f"?{urlencode({'as_of': as_of.isoformat()})}"
