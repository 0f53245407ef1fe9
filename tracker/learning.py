"""What forecasts have learned, kept between commands: reference class and markets.

Everything here can be thrown away: a file of the cache is named by the hash of what it was
computed from, and is computed again, to the same bytes, when it is not there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forecasts import belief, features, start
from forecasts.amounts import YEARS
from forecasts.clocks import Learned, basis
from forecasts.distribution import StartDistribution
from forecasts.errors import TooLittleHistory
from forecasts.incidence import base_rate
from tracker.keeping import digest, kept

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from events.facts import Fact
    from events.programme import Programme
    from forecasts.experience import Weights
    from forecasts.market import MarketOutlook, Series


@dataclass(frozen=True, kw_only=True)
class Lore:
    """What the reference class teaches by a day: the fitted clocks, and the base rate.

    `base` has P(start by each of 120 months) of all programmes, whatever their stage and lead,
    in millionths.
    """

    learned: Learned
    base: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain numbers, strings and lists."""
        return {"learned": self.learned.to_json(), "base": list(self.base)}


def learn(known: Mapping[str, Sequence[Fact]], as_of: date, cache: Path | None = None) -> Lore:
    """What the reference class teaches by the day, from the cache where it is there.

    The key is the hash of the facts known by the last quarter's end, so that recording an
    event of today asks for no new fit.
    """
    by = basis(as_of)
    taught = [
        [fact for fact in told if fact.known_on <= by] for _, told in sorted(known.items())
    ]
    key = digest([start.MODEL, belief.text(), str(by), taught])
    stored = json.loads(kept(cache, f"lore-{key}.json", lambda: _taught(known, by)))
    return Lore(learned=Learned.from_json(stored["learned"]), base=tuple(stored["base"]))


def _taught(known: Mapping[str, Sequence[Fact]], by: date) -> bytes:
    """The fit itself, and the base rate."""
    curve = StartDistribution.rounded(by, base_rate(features.lessons(known, as_of=by)))
    lore = Lore(learned=start.learn(known, as_of=by), base=curve.cumulative)
    return json.dumps(lore.to_json()).encode()


class Markets:
    """The outlooks of the context programmes that others follow, as known on a day."""

    def __init__(
        self, known: Mapping[str, Sequence[Fact]], as_of: date, cache: Path | None
    ) -> None:
        self._known = known
        self._as_of = as_of
        self._cache = cache
        self._series: dict[tuple[str, bool], Series | None] = {}
        self._outlooks: dict[str, MarketOutlook] = {}
        self._weights: Weights | None = None

    def of(self, programme: Programme) -> MarketOutlook | None:
        """The outlook of the longest series among what a programme follows, if there is one."""
        follows = programme.opening.follows if programme.opening else ()
        long = [(slug, series) for slug in follows if (series := self._monthly(slug))]
        if not long:
            return None
        slug, series = max(long, key=lambda named: len(named[1]))
        if slug not in self._outlooks:
            self._outlooks[slug] = self._fitted(series, events=self._events(slug, *follows))
        return self._outlooks[slug]

    def outlook(self, slug: str, *, years: int) -> MarketOutlook | None:
        """Of a context itself, months that are only known in sum included; None: too short."""
        series = self._monthly(slug, spread=True)
        if series is None:
            return None
        return self._fitted(series, events=self._events(slug), years=years)

    def _monthly(self, slug: str, *, spread: bool = False) -> Series | None:
        from forecasts.market import monthly
        from forecasts.reconcile import of_programme

        key = slug, spread
        if key not in self._series:
            try:
                months = of_programme(self._known.get(slug, ())).months
                self._series[key] = monthly(months, spread=spread)
            except TooLittleHistory:
                self._series[key] = None
        return self._series[key]

    def _events(self, *slugs: str) -> tuple[int, ...]:
        """The months of tariffs and incentives that are known of any of these."""
        from forecasts.market import events_of

        return events_of(fact for slug in slugs for fact in self._known.get(slug, ()))

    def _fitted(
        self, series: Series, *, events: tuple[int, ...], years: int = YEARS
    ) -> MarketOutlook:
        """By Prophet, which takes a second to import: from the cache where it is there."""
        from forecasts import market
        from tracker.experience import of_markets

        if self._weights is None:
            self._weights = of_markets(self._known, self._cache)
        options = market.Options(
            year=self._as_of.year, years=years, events=events, weights=self._weights
        )
        stored = kept(
            self._cache,
            f"market-{market.market_key(series, options)[:16]}.json",
            lambda: market.encode(market.fit_market(series, options)),
        )
        return market.decode(stored)
