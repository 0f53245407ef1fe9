"""What the ledger's own series have taught the stacks, kept between commands."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from events import facts
from events.programme import opening_of
from forecasts import volume
from forecasts.errors import TooLittleHistory
from forecasts.reconcile import of_programme
from tracker.keeping import digest, kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from events.facts import Fact
    from forecasts.experience import Known, Paths, Weights
    from forecasts.market import Series

OF_A_LAUNCH: Final = 15
OF_A_MARKET: Final = 48
"""Months without which no year can be scored; each that is told by itself takes a report."""


def of_launches(
    known: Mapping[str, Sequence[Fact]], as_of: date, cache: Path | None
) -> dict[int, Weights] | None:
    """The weights of own months, by length of history; None where nothing can be scored."""
    past = {
        slug: months
        for slug, told in sorted(known.items())
        if len(months := _own_months(tuple(told), as_of)) >= OF_A_LAUNCH
    }
    if not past:
        return None
    from forecasts import experience

    stored = kept(
        cache,
        f"own-{digest([volume.MODEL, past])}.json",
        lambda: json.dumps(experience.launches(past)).encode(),
    )
    return {int(length): _rows(rows) for length, rows in json.loads(stored).items()}


def of_markets(known: Mapping[str, Sequence[Fact]], cache: Path | None) -> Weights:
    """The weights of the market stack; none where nothing can be scored."""
    from forecasts import experience, market

    past = {
        slug: one for slug, told in sorted(known.items()) if (one := _series(told)) is not None
    }
    if not past:
        return ()

    def carry_on(seen: NDArray[np.float64], steps: tuple[int, ...]) -> Paths:
        name = f"cut-{digest([market.MODEL, seen.tolist(), steps])}.json"
        stored = kept(cache, name, lambda: json.dumps(experience.paths(seen, steps)).encode())
        return _rows(json.loads(stored))

    plain = {slug: [one.series, one.events] for slug, one in past.items()}
    stored = kept(
        cache,
        f"weights-{digest([market.MODEL, plain])}.json",
        lambda: json.dumps(experience.markets(past, carry_on)).encode(),
    )
    return _rows(json.loads(stored))


@lru_cache(maxsize=4096)
def _own_months(told: tuple[Fact, ...], as_of: date) -> Series:
    """A programme's own months, none where there are too few reports.

    The same again where nothing was told since: a move asks it of every programme.
    """
    return volume.own_months(told, as_of) if _reports(told) >= OF_A_LAUNCH else ()


def _reports(told: Iterable[Fact]) -> int:
    return sum(isinstance(fact, facts.VolumeReported) for fact in told)


def _series(told: Sequence[Fact]) -> Known | None:
    """A context's months told one by one, where a year can be scored."""
    from forecasts import experience, market

    opened = opening_of(told)
    if opened is None or opened.kind != "context" or _reports(told) < OF_A_MARKET:
        return None
    try:
        series = market.monthly(of_programme(told).months)
    except TooLittleHistory:
        return None
    if len(experience.longest(series)) < OF_A_MARKET:
        return None
    return experience.Known(series=series, events=market.events_of(told))


def _rows(plain: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in plain)
