"""Which row of its lane each bar of a timeline stands on, so that no label meets another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from events import facts
from tracker.charts import theme
from tracker.charts.canvas import broad
from tracker.charts.lanes import LANES, START, Item, items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tracker.account import Neighbour
    from tracker.charts.canvas import Days

GAP: Final = 8.0
"""Pixels between what stands on the same row."""
ROW: Final = 18
FOLDED: Final = 15
"""Pixels of a row with words, and of a folded one."""
HEADING: Final = 15
ROWS: Final = 9
"""Rows that a lane may take for its words' sake."""
CROWDED: Final = 4
"""Rows of a lane that has to do without words."""
NEIGHBOURS: Final = 6
"""Lanes of rivals and of context that are told apart; the others share one."""
ROLES: Final = {"rival": "rivals", "context": "what it depends on"}


@dataclass(frozen=True, kw_only=True)
class Placed:
    """An item on its row, with the side on which its words stand, if they are shown.

    Of items that state the same days only the first has a bar; the others are diamonds on it.
    """

    item: Item
    row: int
    side: Literal["left", "right"] | None
    again: bool = False


@dataclass(frozen=True, kw_only=True)
class Lane:
    """Rows from `top` on; a folded one is lower and has no words, a heading has no rows."""

    name: str
    top: float
    placed: tuple[Placed, ...]
    folded: bool = False

    @property
    def row(self) -> int:
        """Pixels of a row."""
        return FOLDED if self.folded else ROW

    @property
    def height(self) -> float:
        """Pixels."""
        if not self.placed:
            return HEADING
        return (max(one.row for one in self.placed) + 1) * self.row + 6

    def middle(self, one: Placed) -> float:
        """Pixels from the top of the plot to the middle of an item's row."""
        return self.top + 3 + (one.row + 0.5) * self.row


def arranged(
    own: Sequence[Item], circle: Sequence[Neighbour], days: Days, *, above: int
) -> list[Lane]:
    """The programme's own lanes, then those of its circle, folded, under their headings.

    `above` are the pixels over each lane that its name takes.
    """
    lanes: list[Lane] = []
    top = 0.0
    for name, told, folded in [*_own(own), *_folded(circle, days)]:
        top += above if told else 0
        placed = _folded_in(told) if folded else packed(told, days)
        lanes.append(Lane(name=name, top=top, placed=tuple(placed), folded=folded))
        top += lanes[-1].height
    return lanes


def _own(own: Sequence[Item]) -> Iterator[tuple[str, list[Item], bool]]:
    for name in LANES:
        if told := [item for item in own if item.lane == name]:
            yield name, told, False


def _folded(circle: Sequence[Neighbour], days: Days) -> Iterator[tuple[str, list[Item], bool]]:
    """A heading a role, then a lane a neighbour; the last ones share one."""
    for role, heading in ROLES.items():
        near = [(one.title, _seen(one, days)) for one in circle if one.role == role]
        near = [(title, told) for title, told in near if told]
        kept = NEIGHBOURS if len(near) <= NEIGHBOURS else NEIGHBOURS - 1
        if near:
            yield heading, [], True
        yield from ((title, told, True) for title, told in near[:kept])
        if rest := [item for _, told in near[kept:] for item in told]:
            yield f"{len(near) - kept} others", rest, True


def _seen(near: Neighbour, days: Days) -> list[Item]:
    """What is drawn of a neighbour: not its months, nor what is older than the story."""
    return [
        item
        for item in items(near.told)
        if not isinstance(item.fact, facts.VolumeReported) and days.first <= item.known_on
    ]


def _folded_in(told: Sequence[Item]) -> list[Placed]:
    return [Placed(item=item, row=0, side=None) for item in told]


def packed(lane: Sequence[Item], days: Days) -> list[Placed]:
    """The items of a lane on as few rows as their words need; without words where too many.

    What has no room even so shares the last row.
    """
    with_words = _fill(lane, days, words=True)
    if max((one.row for one in with_words), default=0) < ROWS:
        return with_words
    return [
        Placed(item=one.item, row=min(one.row, CROWDED - 1), side=None)
        for one in _fill(lane, days, words=False)
    ]


def _fill(lane: Sequence[Item], days: Days, *, words: bool) -> list[Placed]:
    """Each item, in the order of the days, on the first row that is free where it stands.

    Several that state the same start stand together.
    """
    ends: list[float] = []
    placed = []
    groups: dict[object, list[Item]] = {}
    for item in lane:
        same = (item.earliest, item.latest, item.words) if item.lane == START else item.fact.id
        groups.setdefault(same, []).append(item)
    for group in sorted(groups.values(), key=lambda one: _together(one, days)):
        left, right = _together(group, days)
        side: Literal["left", "right"] | None = None
        if words:
            room = broad(group[0].words, theme.SMALL) + GAP
            side = "left" if right + room > days.width and left >= room else "right"
            left, right = (left, right + room) if side == "right" else (left - room, right)
        row = next((row for row, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right + GAP]
        for place, item in enumerate(group):
            again = place > 0
            named = None if again else side
            placed.append(Placed(item=item, row=row, side=named, again=again))
    return placed


def _together(group: Sequence[Item], days: Days) -> tuple[float, float]:
    """The pixels from the leftmost to the rightmost of several items."""
    reaches = [reach(item, days) for item in group]
    return min(left for left, _ in reaches), max(right for _, right in reaches)


def reach(item: Item, days: Days) -> tuple[float, float]:
    """The pixels from the leftmost to the rightmost of bar and diamond."""
    ends = [
        days.place(days.clipped(day))
        for day in (item.earliest, item.latest, item.known_on)
        if day
    ]
    return min(ends) - GAP / 2, max(ends) + GAP / 2


def lacking(own: Sequence[Item], days: Days) -> float:
    """Pixels by which the words of some item would not fit, on either side of it."""
    lacks = [0.0]
    for item in own:
        left, right = reach(item, days)
        room = broad(item.words, theme.SMALL) + GAP
        if left < room:
            lacks.append(right + room - days.width)
    return max(lacks)
