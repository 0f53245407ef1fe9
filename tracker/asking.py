"""What is missing of an event, asked for on a terminal, one question after the other."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from events import decisions, lines
from events.errors import EventsError, Invalid, Unknown
from tracker.entering import decided
from tracker.errors import no_programme
from tracker.needs import NEEDED, WELCOME, enterable
from tracker.wishes import Wish, spoken_of, to_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from events.ledger import Ledger
    from events.lines import Line

QUESTIONS: Final = {
    "programme": "Programme",
    "type": "Type of event",
    "when": "When (today, 2026-11, mid-2026)",
    "period": "Period, such as 2025-03",
    "volume": "Units in that period",
    "capacity_per_year": "Capacity, units a year",
    "target_volume": "Target, units a year",
    "target_by": "By when",
    "rival": "The programme that won, or - if unknown",
    "expected_start": "The start now stated, or - if none is",
    "source": "Source, or - for none",
}
NOTHING: Final = "-"
"""The answer that leaves out what may be left out."""

NAMED: Final = re.compile(r"(?:--)?([A-Za-z_-]+)(?=:)")


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An event as far as it has been told."""

    programme: str | None
    type: str | None
    wish: Wish

    def told(self, name: str) -> str | None:
        """What was said of one thing."""
        holder = self if name in {"programme", "type"} else self.wish
        return getattr(holder, name)  # type: ignore[no-any-return] # all that is asked for is text

    def having(self, name: str, answer: str | None) -> Draft:
        """The same with one thing told, or taken back."""
        if name in {"programme", "type"}:
            return replace(self, **{name: answer})  # type: ignore[arg-type] # both are texts
        return replace(self, wish=replace(self.wish, **{name: answer}))  # type: ignore[arg-type] # what is asked for is text


@dataclass(kw_only=True)
class Interview:
    """One event, asked for until it could be recorded.

    `ask` gets a question and its default and gives the answer, `say` gets what is wrong with
    one. What was given beforehand is refused as ever, a wrong answer is asked for again.
    """

    draft: Draft
    ledger: Ledger
    today: date
    defaults: Mapping[str, str]
    ask: Callable[[str, str | None], str]
    say: Callable[[str], None]
    asked: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)

    def held(self) -> Draft:
        """The event told whole; raises `Invalid`, `Unknown`, `Conflict` for what was given."""
        self._check(self.draft)
        while name := self._gap(self.draft):
            self.asked.add(name)
            answer = self.ask(QUESTIONS[name], self.defaults.get(name)).strip()
            if answer == NOTHING and self._may_be_unknown(name):
                self.unknown.add(name)
                answer = ""
            self._take(name, answer or None)
        return self.draft

    def _take(self, name: str, answer: str | None) -> None:
        """Keep an answer; of what is refused, say why, and it is asked for again."""
        draft = self.draft.having(name, answer)
        try:
            self._check(draft)
        except EventsError as error:
            wrong = "programme" if isinstance(error, Unknown) else _named(error)
            if wrong not in self.asked:
                raise
            self.say(str(error))
            draft = draft.having(wrong, None)
        self.draft = draft

    def _gap(self, draft: Draft) -> str | None:
        """What is to be asked for next."""
        wanted = ["programme", "type", "when", *NEEDED.get(draft.type or "", ())]
        missing = [name for name in wanted if draft.told(name) is None]
        if not missing and self.asked:
            welcome = [*WELCOME.get(draft.type or "", ()), "source"]
            missing = [name for name in welcome if draft.told(name) is None]
            missing = [name for name in missing if name not in self.unknown]
        return missing[0] if missing else None

    def _may_be_unknown(self, name: str) -> bool:
        return name == "source" or name in WELCOME.get(self.draft.type or "", ())

    def _check(self, draft: Draft) -> None:
        """Refuse what is wrong already; what is only missing is asked for."""
        if draft.programme is not None:
            self._known(draft.programme)
        if draft.type is not None:
            enterable(draft.type)
        if draft.programme is None or draft.type is None:
            return
        try:
            line = to_line(draft.wish, draft.programme, draft.type, today=self.today)
            if self._gap(draft) is None:
                decided(self.ledger, line, today=self.today)
            else:
                self._sound(line)
        except Invalid as error:
            raise spoken_of(error) from error

    def _known(self, slug: str) -> None:
        known = self.ledger.programmes()
        if slug not in known:
            mend = f"If it is new, open it first: tracker open {slug} --title ..."
            raise no_programme(slug, known, mend)

    def _sound(self, line: Line) -> None:
        try:
            decisions.sound(lines.to_fact(line, today=self.today), today=self.today)
        except Invalid as error:
            if " is missing: " not in str(error):
                raise


def _named(error: EventsError) -> str:
    """What a refusal is about, empty where it is about the event as a whole."""
    found = NAMED.match(str(error))
    return found[1].lower().replace("-", "_") if found else ""
