"""Facts as an older Tracker stored them, made into facts of today while they are read.

What is stored stays as it is, under the hashes of its chain; nothing is ever rewritten.
A form is raised where a stored key or topic changes its name or its meaning: whoever does that
raises `FORM` in `events.form` by one and adds here, for each topic that changes, what makes an
entry of the form before into one of the next. A key that is merely new, with a default, needs
none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from events import form
from events.errors import Unusable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Plain = dict[str, Any]
"""A stored fact or forecast as JSON has it; `type` is its topic."""

UPCASTS: Final[dict[tuple[str, int], Callable[[Plain], Plain]]] = {}
"""By topic and form, what makes such an entry into one of the next form: pure functions.

None is ever taken out: a ledger of the first form is read by way of all of them.
"""


def of_today(fact: Plain, written: int) -> Plain:
    """A stored fact in the form of today; raises `Unusable` for what is newer than that."""
    form.refuse_newer(written)
    for passed in range(written, form.FORM):
        if upcast := UPCASTS.get((fact["type"], passed)):
            fact = upcast(fact)
    return fact


def spellings(topics: Sequence[str]) -> tuple[str, ...]:
    """Stored topics whose entries may be of these topics today; none stands for all."""
    return (*topics, *sorted({topic for topic, _ in UPCASTS} - {*topics})) if topics else ()


def unreadable(error: BaseException) -> Unusable:
    """The refusal of an entry whose bytes say nothing."""
    said = str(error).partition("\n")[0].partition(" - at")[0].rstrip(".")
    said = said if said[1:2].isupper() else f"{said[:1].lower()}{said[1:]}"
    return Unusable(
        f"An entry of the ledger is not what was recorded: {said}. "
        "`tracker verify` says which. Restore a backup."
    )
