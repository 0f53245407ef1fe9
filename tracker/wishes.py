"""What is wished for on the command line, and the journal line that it amounts to.

The options of `open`, `record`, `amend` and `whatif` are the journal's keys; they are declared
here, once, and given to each command by `wishing`.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field, fields
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, Final, get_type_hints

import typer

from events.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from events.edtf import Span
    from events.lines import Line

WHEN, STATED, OPENING, SOURCE = "When", "What was stated", "What the programme is", "Source"


def _option(panel: str, help: str, *names: str) -> Any:  # noqa: ANN401 - a field's default
    return field(default=None, metadata={"panel": panel, "help": help, "names": names})


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What may be said of a programme; each field is an option and a key of the journal."""

    when: str | None = _option(
        WHEN, 'When it happened, in words or EDTF: 2024-11, "mid-2026", "last Thursday".'
    )
    known_on: str | None = _option(WHEN, "The day it became public; today when left out.")
    expected_start: str | None = _option(
        STATED, 'The stated start of production: "2026 or 2027", "H2 2026", "by 2030".'
    )
    capacity_per_year: str | None = _option(STATED, "The stated capacity, units a year.")
    period: str | None = _option(STATED, "volume-reported: the period, such as 2025-03.")
    volume: str | None = _option(STATED, "volume-reported: the units in it.")
    measure: str | None = _option(
        STATED, "volume-reported: production, deliveries or registrations."
    )
    target_volume: str | None = _option(STATED, "target-announced: units a year.")
    target_by: str | None = _option(STATED, "target-announced: by when.")
    stake_pct: str | None = _option(STATED, "The stake, in per cent.")
    amount: str | None = _option(STATED, "The sum of money, in whole currency units.")
    currency: str | None = _option(STATED, "Its currency in ISO 4217, such as EUR.")
    rival: str | None = _option(STATED, "rival-site-selected: the programme that won.")
    summary: str | None = _option(STATED, "One sentence in your own words.")
    recorded_by: str | None = _option(SOURCE, "Who enters this.")
    source: str | None = _option(SOURCE, "The address of the source.")
    publisher: str | None = _option(SOURCE, "Who published it.")
    quote: str | None = _option(SOURCE, "The evidence, word for word.")
    grade: str | None = _option(SOURCE, "Admiralty code, such as B2; F6 when left out.")
    root: str | None = _option(
        SOURCE, "The report it repeats: outlets that cite one report are one source."
    )


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a programme is."""

    title: str | None = _option(OPENING, "Its name for people.")
    kind: str | None = _option(
        OPENING, "production (the default), or context: what several programmes depend on."
    )
    organisations: list[str] | None = _option(OPENING, "A company behind it; repeat for more.")
    site: str | None = _option(OPENING, "The place.")
    country: str | None = _option(OPENING, "Its country in two letters.")
    product: str | None = _option(OPENING, "vehicle, battery or components.")
    unit: str | None = _option(OPENING, "What capacity and volume count: vehicles, GWh.")
    brownfield: str | None = _option(OPENING, "true in an existing plant, false in a new one.")
    partner: str | None = _option(OPENING, "wholly owned, joint venture or contract.")
    tags: list[str] | None = _option(OPENING, "startup, chinese-oem-abroad; repeat for more.")
    follows: list[str] | None = _option(
        OPENING, "A context programme whose events bear on this one; repeat for more."
    )
    rivals: list[str] | None = _option(
        OPENING, "A programme that competes for the same award; repeat for more."
    )


@dataclass(frozen=True, kw_only=True)
class Wish(Statement, Opening):
    """All that can be wished for."""


KEY: Final = {"when": "occurred", "source": "source.url"} | {
    name: f"source.{name}" for name in ("publisher", "quote", "grade", "root")
}
"""The journal's key of an option, where it is not the option's own name."""

DATED: Final = ("when", "expected_start", "period", "target_by")
WORDS: Final = {"when": "occurred_words", "expected_start": "expected_start_words"}
"""Where a date's words are kept beside its EDTF."""

ARGUMENTS: Final = ("programme", "type")
"""Keys that are typed without an option's name."""

YEAR: Final = re.compile(r"\d{4}")
"""Whoever writes the year knows which one is meant."""

COUNTRY: Final = re.compile(r"[A-Za-z]{2}")
"""ISO 3166, in two letters."""

NUMBER: Final = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+|\d{1,3}(_\d{3})+)(\.\d+)?")
LONGEST: Final = 100
"""Signs that a number may have; one of thousands of digits is none."""


def wishing(
    *shapes: type[Statement | Opening],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of `shapes`; it receives them as one `wish`."""
    wanted = [part for shape in shapes for part in fields(shape)]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def run(*args: object, **given: object) -> None:
            wish = Wish(**{part.name: given.pop(part.name) for part in wanted})  # type: ignore[arg-type] # the options' types are the fields'
            command(*args, wish=wish, **given)

        own = inspect.signature(command, eval_str=True)
        kept = [part for part in own.parameters.values() if part.name != "wish"]
        run.__signature__ = own.replace(  # type: ignore[attr-defined] # where Typer looks
            parameters=[*kept, *(_parameter(part) for part in wanted)]
        )
        run.__annotations__ = get_type_hints(command, include_extras=True)
        return run

    return decorate


def _parameter(part: Any) -> inspect.Parameter:  # noqa: ANN401 - dataclasses.Field of any
    flag = "--" + part.name.replace("_", "-")
    option = typer.Option(
        flag, help=part.metadata["help"], rich_help_panel=part.metadata["panel"]
    )
    kind = list[str] if "list" in str(part.type) else str
    return inspect.Parameter(
        part.name,
        inspect.Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[kind | None, option],
    )


def to_line(wish: Wish, programme: str, type: str, *, today: date) -> Line:
    """The journal line that a wish amounts to.

    Words are read to EDTF against the day the thing became known, and kept beside it. Raises
    `Invalid` with the option's name in front.
    """
    line: Line = {"programme": programme, "type": type}
    known_on = day_known(wish, today)
    line["known_on"] = known_on.isoformat()
    for part in fields(wish):
        value = getattr(wish, part.name)
        if value is None or part.name == "known_on":
            continue
        if part.name in DATED:
            _put_date(line, part.name, value, known_on)
        else:
            _put(line, KEY.get(part.name, part.name), _value(part.name, value))
    return line


def day_known(wish: Wish, today: date) -> date:
    """The day on which it became public; raises `Invalid`."""
    if not wish.known_on:
        return today
    from tracker.days import reached

    return reached(wish.known_on, today=today, option="--known-on").earliest or today


def reading(option: str, words: str, published: date) -> Span:
    """How a date in words is read; a refusal names the option."""
    from events import phrases

    try:
        return phrases.read(words, published=published)
    except Invalid as error:
        raise Invalid(f"--{option.replace('_', '-')}: {error}") from error


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a date in words was understood."""

    option: str
    words: str
    span: Span

    @property
    def days(self) -> str:
        """The first and the last day, in ISO."""
        return f"{self.span.earliest or 'open'} to {self.span.latest or 'open'}"

    def __str__(self) -> str:
        """The line that is read back to whoever typed the words."""
        from tracker import wording

        edtf = self.span.edtf
        return f'read "{self.words}" as {edtf}: {wording.span(edtf)} ({self.days})'


def readings(wish: Wish, line: Line) -> Iterator[Reading]:
    """Every date of a wish that was given in words, as its line has it."""
    from events import edtf

    for option in ("known_on", *DATED):
        words, stored = getattr(wish, option), line.get(KEY.get(option, option))
        if words and words.strip() != stored:
            yield Reading(option=option, words=words, span=edtf.parse(str(stored)))


def _put_date(line: Line, option: str, words: str, known_on: date) -> None:
    span = reading(option, words, known_on)
    if (
        option == "when"
        and not YEAR.search(words)
        and span.earliest
        and span.earliest > known_on
    ):
        raise Invalid(
            f"--when: {words!r} reads as {span.edtf}, after the day it became known "
            f"({known_on}). Write the year, if that is meant."
        )
    line[KEY.get(option, option)] = span.edtf
    if option in WORDS and words.strip() != span.edtf:
        line[WORDS[option]] = words.strip()


def _put(line: Line, key: str, value: object) -> None:
    if key.startswith("source."):
        line.setdefault("source", {})[key.removeprefix("source.")] = value
    else:
        line[key] = value


def _value(option: str, value: object) -> object:
    """A number or a flag where the key wants one; what is neither is left for the check."""
    from events.figures import doubt
    from events.lines import NUMBERS

    if option == "brownfield":
        return {"true": True, "false": False}.get(str(value).lower(), value)
    if option == "country":
        return _country(str(value))
    if option == "grade":
        return str(value).strip().upper()
    if option not in NUMBERS or not isinstance(value, str) or len(value) > LONGEST:
        return value
    if unread := doubt(option, value):
        raise Invalid(f'--{option.replace("_", "-")}: "{value}" {unread}')
    if NUMBER.fullmatch(value.strip()):
        plain = value.strip().replace(",", "").replace("_", "")
        return float(plain) if "." in plain else int(plain)
    return value


def _country(text: str) -> str:
    if not COUNTRY.fullmatch(text.strip()):
        raise Invalid(
            f'--country: "{text[:60]}" is no country. Write its two letters, such as AT.'
        )
    return text.strip().upper()


def spoken_of(error: Invalid) -> Invalid:
    """The same refusal with the option's name for the journal's key."""
    from tracker.needs import elsewhere

    sentence = str(error)
    missing = re.search(r"is missing: an? (\S+) event", sentence)
    if missing and (told := elsewhere(missing[1])):
        return told
    names = {key: option for option, key in KEY.items()}
    found = re.match(r"([a-z_.]+)(\[\d+\])?(?=:| is missing| does not belong)", sentence)
    if not found:
        return error
    option = names.get(found[1], found[1]).replace("_", "-")
    typed = option.upper() if option in ARGUMENTS else f"--{option}"
    return Invalid(f"{typed}{sentence[found.end() :]}")
