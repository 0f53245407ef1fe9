"""The market that plants share: a monthly series by Prophet, as factors a calendar year.

What a plant takes from its market is M_Y / E[M_Y] to the power of `BETA`: a factor of mean
one that widens the plant's distribution and moves all plants of a market together. Prophet
is imported inside `fit_market`, and what it does to the process is undone there: its log
lines, its temporary files, the state of numpy's global generator.

Of five ways to let Prophet see 59 market series (2 origins each), the square root was
best: CRPS of the first year's total .135 of it, against .143 raw, .182 log, .161 for last
year's total. Its own 80 % interval held 25 % of them: hence `ERRORS` and `STRETCH`.
"""

from __future__ import annotations

import hashlib
import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from forecasts.distribution import month_of
from forecasts.errors import TooLittleHistory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from prophet import Prophet

    from forecasts.reconcile import ReconciledMonth

    Floats = NDArray[np.float64]

FEWEST: Final = 36
"""Months that a series must have: the least with which Prophet earned its place."""
MODEL: Final = "prophet-sqrt-1"
"""Changes whenever the same data and options would give other numbers."""
YEARS: Final = 5
BETA: Final = 0.5
"""How much of its market's surprise a plant shares. Yearly moves of 142 brands follow
their market with 0.85 (standard error 0.07), of 117 models with 0.87 (0.27); a plant
follows a context at one remove, and its own utilisation holds market years already: a
declared share."""
ERRORS: Final = (0.0, 0.15, 0.30, 0.35, 0.40, 0.45)
"""Log deviation of a total 0, 1, 2, ... years ahead beyond what Prophet sees; fitted on
the 59 market series up to 3, declared beyond."""
STRETCH: Final = 2.5
"""By how much Prophet's own log deviation is too small; fitted likewise."""
LARGEST: Final = 20.0
"""A year's factor lies within a twentieth and twenty; what is cut there is counted."""
ATOMS: Final = 25
YEAR_ONE: Final = 2001
"""Where a series without dates is put."""

Series = tuple[tuple[int, float], ...]
"""Months (year * 12 + month - 1) and volumes, in order; gaps are allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Options:
    """What the numbers depend on besides the data; `year` is the first one wanted."""

    year: int
    seed: int = 0
    draws: int = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class MarketOutlook:
    """Draws of M_Y / E[M_Y]: a row a calendar year, a column a draw, six digits.

    `expected` are the E[M_Y]. `negative` of the monthly draws lay below zero and
    `extreme` of the factors beyond `LARGEST`; both were clipped.
    """

    model: str
    year: int
    expected: tuple[float, ...]
    draws: tuple[tuple[float, ...], ...]
    negative: int
    extreme: int

    def factors(self, year: int, beta: float = BETA) -> Floats:
        """Equally likely factors of a plant's year, rising, with mean one."""
        if not self.year <= year < self.year + len(self.draws):
            return np.ones(1)
        shared = np.array(self.draws[year - self.year]) ** beta
        levels = (np.arange(ATOMS) + 0.5) / ATOMS
        atoms = np.quantile(shared, levels)
        factors: Floats = atoms / atoms.mean()
        return factors


def monthly(months: Iterable[ReconciledMonth], *, measure: str | None = None) -> Series:
    """The months that are known one by one, of the measure with most of them.

    Months of an even spread are left out: they have no season. Raises
    `TooLittleHistory` below 36 months.
    """
    known: dict[str, dict[int, float]] = {}
    for one in months:
        if one.basis != "spread" and measure in (None, one.measure):
            known.setdefault(one.measure, {})[month_of(one.month)] = float(one.volume)
    most = max(known.values(), key=len, default={})
    if len(most) < FEWEST:
        raise TooLittleHistory(
            f"A market series has {FEWEST} months or more, this one {len(most)}."
        )
    return tuple(sorted(most.items()))


def market_key(series: Series, options: Options) -> str:
    """What an outlook may be kept under: the hash of its data, options and model."""
    stated = msgspec.json.encode((MODEL, series, options))
    return hashlib.sha256(stated).hexdigest()


def encode(outlook: MarketOutlook) -> bytes:
    """As JSON, the same bytes for the same outlook."""
    return msgspec.json.encode(outlook)


def decode(stored: bytes) -> MarketOutlook:
    """Back from JSON."""
    return msgspec.json.decode(stored, type=MarketOutlook)


def fit_market(series: Series, options: Options) -> MarketOutlook:
    """Fit and draw; the same series and options give the same outlook."""
    last = series[-1][0]
    ahead = np.arange(last + 1, (options.year + YEARS) * 12)
    paths = _prophet(series, len(ahead), options)
    negative = int((paths < 0).sum())
    paths = np.maximum(paths, 0.0) ** 2
    expected, draws, extreme = [], [], 0
    for year in range(options.year, options.year + YEARS):
        known = sum(volume for month, volume in series if month // 12 == year)
        total = known + _widened(paths[:, ahead // 12 == year], year * 12 - last)
        factors = total / total.mean() if total.mean() else np.ones(len(total))
        clipped = np.clip(factors, 1 / LARGEST, LARGEST)
        extreme += int((clipped != factors).sum())
        expected.append(round(float(total.mean()), 6))
        draws.append(tuple(round(float(factor), 6) for factor in clipped))
    return MarketOutlook(
        model=MODEL,
        year=options.year,
        expected=tuple(expected),
        draws=tuple(draws),
        negative=negative,
        extreme=extreme,
    )


def _widened(paths: Floats, wait: int) -> Floats:
    """Totals of the open months of a year, as wide as such totals have proved to be.

    `wait` is the number of months from the last known one to the year's January; the
    open months are the year's last ones.
    """
    totals: Floats = paths.sum(axis=1)
    if not totals.any():
        return totals
    logs = np.log(np.maximum(totals, totals.max() / 1e6))
    middle, own = logs.mean(), logs.std()
    lead = (max(wait, 1) + paths.shape[1]) / 12
    error = np.interp(lead, np.arange(len(ERRORS)), ERRORS)
    wanted = np.hypot(error, STRETCH * own)
    result: Floats = np.exp(middle + (logs - middle) * wanted / max(own, 1e-9))
    return result


def trend(seen: Floats, ahead: int, *, flat: bool = False) -> Floats:
    """Prophet's middle of the next months; `flat` is without trend and season.

    For a series of which only the length is known: its first month is taken as a
    January.
    """
    series = tuple(enumerate(seen.tolist(), start=YEAR_ONE * 12))
    with _quiet():
        model, future = _fitted(series, ahead, Options(year=YEAR_ONE, draws=0), flat=flat)
        middle = np.asarray(model.predict(future)["yhat"], dtype=np.float64)
    path: Floats = np.maximum(middle, 0.0) ** 2
    return path


def _prophet(series: Series, months: int, options: Options) -> Floats:
    """Draws of the square root of the next months: a row a draw."""
    with _quiet(), _seeded(options.seed):
        model, future = _fitted(series, months, options)
        drawn = model.predictive_samples(future)["yhat"]
    paths: Floats = np.asarray(drawn, dtype=np.float64).reshape(months, -1).T
    return paths


def _fitted(
    series: Series, months: int, options: Options, *, flat: bool = False
) -> tuple[Prophet, pd.DataFrame]:
    """A model of the square root, and the frame of the months to come."""
    import pandas as pd
    from prophet import Prophet

    known = pd.DataFrame(
        {
            "ds": [pd.Timestamp(m // 12, m % 12 + 1, 1) for m, _ in series],
            "y": [volume**0.5 for _, volume in series],
        }
    )
    model = Prophet(
        growth="flat" if flat else "linear",
        yearly_seasonality=not flat,
        weekly_seasonality=False,
        daily_seasonality=False,
        seasonality_mode="multiplicative",
        uncertainty_samples=options.draws,
    )
    try:
        model.fit(known, algorithm="LBFGS", seed=options.seed)
    finally:
        if model.stan_backend is not None:
            model.stan_backend.cleanup()
    future = model.make_future_dataframe(months, freq="MS", include_history=False)
    return model, future


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Prophet draws from numpy's global generator: lend it a seed, give the state back."""
    state = np.random.get_state()  # noqa: NPY002 -- Prophet takes no generator
    np.random.seed(seed)  # noqa: NPY002, TID251 -- likewise
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002 -- likewise


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from the user what Prophet and cmdstanpy say while imported and fitted."""
    stan, plot = logging.getLogger("cmdstanpy"), logging.getLogger("prophet.plot")
    if not stan.handlers:
        stan.addHandler(logging.NullHandler())
    stan.propagate = False
    plot.setLevel(logging.CRITICAL)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
