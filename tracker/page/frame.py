"""Templates and the two assets, ready to fill: nothing reaches a page unescaped.

Titles, summaries and addresses come from strangers' articles. Markup in them is text, control
and bidirectional characters are made visible, and only http and https addresses are links.
"""

from __future__ import annotations

import base64
import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tracker import wording
from tracker.page.cards import told_of_record
from tracker.page.figures import cell, units
from tracker.page.glossary import GLOSSARY
from tracker.page.moves import points
from tracker.tables import Format, harmless, write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

SAFE: Final = ("http", "https")


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A file of ours that goes into a page or beside it."""

    text: str
    media_type: str
    name: str

    @property
    def markup(self) -> Markup:
        """The text as it stands, for a page that holds it."""
        return Markup(self.text)  # noqa: S704 - our own file

    @property
    def source(self) -> str:
        """How a content-security policy allows exactly this text."""
        hashed = base64.b64encode(hashlib.sha256(self.text.encode()).digest()).decode()
        return f"'sha256-{hashed}'"


@cache
def asset(kind: Literal["css", "js"]) -> Asset:
    """The stylesheet or the script; its name changes with its text, so it can be kept long."""
    text = (files("tracker.page") / "assets" / f"page.{kind}").read_text("utf-8")
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    media_type = {"css": "text/css", "js": "text/javascript"}[kind]
    return Asset(text=text, media_type=media_type, name=f"page-{digest}.{kind}")


@cache
def environment() -> Environment:
    """Jinja's, strict: what is undefined is an error, what is text is escaped."""
    made = Environment(
        loader=PackageLoader("tracker.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    made.filters |= {
        "cell": cell,
        "day": wording.day,
        "likelihood": wording.likelihood,
        "month": wording.month,
        "percent": wording.percent,
        "points": points,
        "record": told_of_record,
        "span": wording.span,
        "units": units,
        "words": lambda type: type.replace("-", " "),
    }
    made.globals |= {"address": address, "glossary": GLOSSARY}
    return made


def render(template: str, **told: Any) -> str:  # noqa: ANN401 - what the template asks for
    """A template filled."""
    return environment().get_template(template).render(**told)


def address(given: str | None) -> str | None:
    """An address that may be a link; None for `javascript:` and whatever else is none."""
    try:
        parts = urlsplit(given or "")
        whole = parts.scheme in SAFE and parts.hostname
    except ValueError:
        return None
    return given if whole and harmless(given or "") == given else None


def csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as a table for spreadsheets."""
    out = io.StringIO()
    write(rows, columns, Format.csv, out)
    return out.getvalue()


def data_address(text: str, media_type: str = "text/csv") -> str:
    """A text in its own address, for a page that has no server."""
    encoded = base64.b64encode(text.encode()).decode()
    return f"data:{media_type};charset=utf-8;base64,{encoded}"


def _visible(value: object) -> object:
    """Words with their control characters made visible; what is markup already stays."""
    return (
        harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value
    )
