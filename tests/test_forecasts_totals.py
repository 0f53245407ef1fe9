from datetime import date

import numpy as np
import pytest

from forecasts import totals
from forecasts.amounts import Volumes
from forecasts.market import MarketOutlook
from forecasts.totals import Part
from forecasts.utilisation import Plant
from forecasts.volume import before_start

AS_OF = date(2024, 6, 30)


def plant(capacity: float, chance: float = 0.9) -> Volumes:
    starts = np.full((1, 120), chance / 120)
    scale = np.array([capacity])
    return list(before_start(starts, scale, Plant(capacity=capacity), AS_OF))[-1]


def shared(width: float) -> MarketOutlook:
    atoms = 1e6 * np.exp(width * np.linspace(-2, 2, 25))
    totals = (tuple(atoms.tolist()),) * 5
    return MarketOutlook(model="test", year=2024, totals=totals, fan=())


def test_the_total_of_one_is_that_one() -> None:
    alone = plant(100_000)

    total = totals.total([Part(volumes=alone)])

    assert total.zero[0] == pytest.approx(alone.zero[0], abs=0.01)
    assert total.mean[0] == pytest.approx(alone.mean[0], rel=0.01)
    assert total.quantile(0.9)[0] == pytest.approx(alone.quantile(0.9)[0], rel=0.02)


def test_means_add_up() -> None:
    parts = [Part(volumes=plant(capacity)) for capacity in (50_000, 100_000, 300_000)]

    total = totals.total(parts)

    assert total.mean[0] == pytest.approx(sum(part.volumes.mean[0] for part in parts), rel=0.01)


def test_nothing_at_all_needs_every_plant_to_make_nothing() -> None:
    parts = [Part(volumes=plant(100_000, chance)) for chance in (0.5, 0.9)]

    both = parts[0].volumes.zero[0] * parts[1].volumes.zero[0]
    assert totals.total(parts).zero[0] == pytest.approx(both, abs=0.01)


def test_plants_of_one_market_are_wider_together_than_those_of_many() -> None:
    volumes = [plant(100_000, 1.0) for _ in range(20)]
    apart = [
        Part(volumes=one, market=shared(0.6 + place / 1e6)) for place, one in enumerate(volumes)
    ]
    together = [Part(volumes=one, market=shared(0.6)) for one in volumes]

    width = {
        name: float(np.subtract(*(totals.total(parts).quantile(q)[0] for q in (0.9, 0.1))))
        for name, parts in (("apart", apart), ("together", together))
    }

    assert width["together"] > 1.1 * width["apart"]


def test_what_is_certain_is_not_moved_by_a_market() -> None:
    made = Volumes(
        year=2024,
        base=np.array([5_000.0]),
        scale=np.array([10_000.0]),
        cumulative=np.ones((1, 321)),
    )

    total = totals.total([Part(volumes=made, market=shared(0.5))] * 2)

    assert total.mean[0] == pytest.approx(10_000, rel=0.01)
