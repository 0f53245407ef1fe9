"""Counts between boundaries of months, held together as a forest.

A count says how much the cumulative total rises from one boundary to a later one. Counts
that share boundaries hang together, and wherever two boundaries hang together their
difference is known, by whatever chain of counts: a year to date less the one before it,
a half less its first quarter.
"""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from events import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.facts import VolumeReported


class Count(NamedTuple):
    """A report on the axis of months: `units` from boundary `first` to `after`."""

    first: int
    after: int
    units: int
    report: VolumeReported

    @property
    def rank(self) -> tuple[int, str, int, str]:
        """Smaller is stronger: finer, then of better grade, then known later."""
        known = -self.report.known_on.toordinal()
        grade = sources.grade(self.report.source)
        return self.after - self.first, grade, known, self.report.id

    @property
    def slack(self) -> int:
        """Half of the last digit that is not zero, and at most one in a hundred."""
        digit = 1
        while self.units and self.units % (digit * 10) == 0:
            digit *= 10
        return min(digit // 2, self.units // 100)


class Forest:
    """Boundaries joined by counts; each tree has a zero of its own."""

    def __init__(self) -> None:
        self._level: dict[int, int] = {}
        self._tree: dict[int, list[int]] = {}
        self._edges: dict[int, list[Count]] = {}

    def gap(self, count: Count) -> int | None:
        """By how much the count exceeds what its boundaries have; None if unjoined."""
        tree = self._tree.get(count.first)
        if tree is None or tree is not self._tree.get(count.after):
            return None
        return count.units - (self._level[count.after] - self._level[count.first])

    def join(self, count: Count) -> None:
        """Let a count tie two boundaries that are not joined yet."""
        for node in (count.first, count.after):
            if node not in self._level:
                self._level[node], self._tree[node], self._edges[node] = 0, [node], []
            self._edges[node].append(count)
        keep, move = self._tree[count.first], self._tree[count.after]
        shift = self._level[count.first] + count.units - self._level[count.after]
        if len(keep) < len(move):
            keep, move, shift = move, keep, -shift
        for node in move:
            self._level[node] += shift
            self._tree[node] = keep
        keep += move

    def chain(self, first: int, after: int) -> list[Count]:
        """The counts that tie two boundaries of one tree; most often it is a single one."""
        for count in self._edges[first]:
            if after in (count.first, count.after):
                return [count]
        came: dict[int, Count | None] = {first: None}
        todo = deque([first])
        while after not in came:  # the nearest first: a chain has few counts, a tree has many
            node = todo.popleft()
            for count in self._edges[node]:
                other = count.after if count.first == node else count.first
                if other not in came:
                    came[other] = count
                    todo.append(other)
        chain, node = [], after
        while (step := came[node]) is not None:
            chain.append(step)
            node = step.after if step.first == node else step.first
        return chain[::-1]

    def stretches(self) -> Iterator[tuple[int, int, int]]:
        """Neighbouring boundaries of each tree, and the units between them."""
        for tree in {id(tree): tree for tree in self._tree.values()}.values():
            for first, after in pairwise(sorted(tree)):
                yield first, after, self._level[after] - self._level[first]
