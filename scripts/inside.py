"""What is measured inside a process: scripts that print the seconds of their last part."""

MANY = """
import sys, time
from datetime import date
from pathlib import Path
from events import journal
from tracker.importing import shipped
told = {}
for line in journal.read(shipped("automotive")[1], "a", today=date.max)[0]:
    told.setdefault(line.fact.programme, []).append(line.fact)
day, count = date(2024, 6, 30), int(sys.argv[1])
"""
STARTS = (
    MANY
    + """
from forecasts import belief, features, history, start
seen = [each for each in (history.snapshot(one, day) for one in told.values()) if each]
seen = [each for each in seen if each.status is history.Status.OPEN]
seen = (seen * (count // len(seen) + 1))[:count]
learned = start.learn(told, as_of=day)
watch = Watch()
start.run(features.columns(seen), learned, as_of=day, belief=belief.shipped())
print(watch)
"""
)
CLASS = (
    MANY
    + """
from forecasts import start, volume
wanted = [slug for slug in told if told[slug][0].known_on <= day]
starts = start.forecast(told, as_of=day, wanted=wanted)
many = [slug for slug, made in starts.items() if made.never > 0]
many = (many * (count // len(many) + 1))[:count]
"""
)
VOLUMES = (
    CLASS
    + """
from dataclasses import replace
import numpy as np
from forecasts.amounts import QUANTILES
kinds = {}
for slug in many:
    plant = volume.plant_of(told[slug], day)
    alike = replace(plant, capacity=plant.capacity and 1.0)
    kinds.setdefault(alike, []).append((starts[slug].monthly, plant.scale))
prepared = [(kind, *map(np.array, zip(*rows))) for kind, rows in kinds.items()]
watch = Watch()
for kind, rows, scale in prepared:
    for year in volume.before_start(rows, scale, kind, day):
        year.zero, year.mean, year.quantiles(QUANTILES)
print(watch)
"""
)
DRAWS = (
    CLASS
    + """
import numpy as np
from forecasts import ramps
from forecasts.months import first_month
from forecasts.utilisation import priors
numbers, first, chance = priors(), first_month(day), np.random.default_rng(0)
weights, draws = np.array(numbers.ramp_weights), 4_000
years = range(day.year, day.year + 5)
plants = [volume.plant_of(told[slug], day) for slug in many]
monthly = [np.array(starts[slug].monthly) for slug in many]
months = np.arange(first, first + 120)
tables = {}
def made_in(season):
    key = tuple(season)
    if key not in tables:
        tables[key] = np.array([[np.append(ramps.in_year(tau, months, year, season), 0.0)
                                 for year in years] for tau in numbers.taus])
    return tables[key]
for plant in plants:
    made_in(numbers.season(plant.country)), plant.used, plant.scale
watch = Watch()
for plant, row in zip(plants, monthly):
    made, used = made_in(numbers.season(plant.country)), plant.used
    month = np.searchsorted(np.cumsum(row), chance.random(draws))
    tau = np.searchsorted(np.cumsum(weights)[:-1], chance.random(draws))
    use = np.exp(np.interp(chance.random(draws), used.levels, used.logs)) * plant.scale
    lasts = chance.exponential(1 / numbers.stops[plant.kind], draws)
    for place, year in enumerate(years):
        alive = lasts > np.maximum(year * 12 - first - month, 0) / 12
        units = made[tau, place, month] * use * alive
        (units == 0).mean(), units.mean(), np.quantile(units, (0.1, 0.5, 0.9))
print(watch)
"""
)
PROPHETS = """
import logging, sys, time
import pandas as pd
from prophet import Prophet
logging.getLogger("cmdstanpy").disabled = True
logging.getLogger("prophet").setLevel(logging.ERROR)
count = int(sys.argv[1])
days = pd.date_range("2019-01-01", periods=60, freq="MS")
def series(n): return [1e4 + 97.0 * m + 31.0 * (m * (n + 7) % 41) for m in range(60)]
tables = [pd.DataFrame({"ds": days, "y": series(n)}) for n in range(count + 1)]
def fit(table):
    model = Prophet(weekly_seasonality=False, daily_seasonality=False, uncertainty_samples=0)
    model.fit(table)
    return model.predict(model.make_future_dataframe(120, freq="MS"))
fit(tables[-1])
watch = Watch()
for table in tables[:-1]:
    fit(table)
print(watch)
"""
IMPORTING_PROPHET = """
import time
watch = Watch()
import prophet
print(watch)
"""
VOLUMES_TOLD = (
    CLASS
    + """
cases = [volume.Case(told=told[slug], start=starts[slug]) for slug in many]
watch = Watch()
volume.forecast_many(cases)
print(watch)
"""
)
REFITS = """
import os, sys, time
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from forecasts import market
count, pooled = int(sys.argv[1]), sys.argv[2] == "pooled"
jobs = {
    str(number): (
        tuple((2019 * 12 + month, 1e4 + 97.0 * month + 31.0 * (month * (number + 7) % 41))
              for month in range(60)),
        market.Options(year=2024),
    )
    for number in range(count)
}
warm = {f"warm {number}": job for number, job in zip(range(2 * os.cpu_count()), jobs.values())}
if pooled:
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as executor:
        market.fit_markets(warm, executor)
        watch = Watch()
        market.fit_markets(jobs, executor)
        print(watch)
else:
    market.fit_market(*next(iter(warm.values())))
    watch = Watch()
    for series, options in jobs.values():
        market.fit_market(series, options)
    print(watch)
"""
EVENT = (
    MANY
    + """
from tempfile import TemporaryDirectory
from tracker import estimator, living, workspace
from tracker.entering import enter
from tracker.importing import bring_in
from tracker.issuing import issue
with TemporaryDirectory() as folder:
    place = workspace.create(Path(folder) / "bench")
    today, now = workspace.today(), workspace.now()
    with place.ledger() as ledger:
        bring_in(ledger, [shipped("automotive"), shipped("leapmotor")], today=date.max, now=now)
        place.follow(["leapmotor-mirafiori"])
        for number in range(6):
            line = {"programme": "leapmotor-mirafiori", "type": "evidence-for",
                    "occurred": "2026", "known_on": today.isoformat(), "summary": str(number)}
            watch = Watch()
            entry = enter(ledger, line, today=today, now=now)
            knowledge, due = living.due_now(place, ledger, ["leapmotor-mirafiori"], as_of=today)
            made = estimator.estimate(knowledge, due, as_of=today)
            issue(ledger, made, knowledge=knowledge, now=now)
            took = str(watch)
print(took)
"""
)
REPORT = (
    MANY
    + """
from tempfile import TemporaryDirectory
from forecasts import market
from tracker import estimator, living, workspace
from tracker.entering import enter
from tracker.importing import bring_in
from tracker.issuing import issue
refits, fit = [], market.fit_market
market.fit_market = lambda *given: refits.append(given) or fit(*given)
with TemporaryDirectory() as folder:
    place = workspace.create(Path(folder) / "bench")
    today, now = workspace.today(), workspace.now()
    with place.ledger() as ledger:
        bring_in(ledger, [shipped("automotive"), shipped("leapmotor")], today=date.max, now=now)
        place.follow(["leapmotor-mirafiori"])
        for number in range(4):
            line = {"programme": "leapmotor-global", "type": "volume-reported",
                    "occurred": f"2018-0{number + 1}", "period": f"2018-0{number + 1}",
                    "volume": 100, "measure": "deliveries",
                    "known_on": today.isoformat(), "summary": str(number)}
            before, watch = len(refits), Watch()
            enter(ledger, line, today=today, now=now)
            knowledge, due = living.due_now(place, ledger, ["leapmotor-global"], as_of=today)
            made = estimator.estimate(knowledge, due, as_of=today)
            issue(ledger, made, knowledge=knowledge, now=now)
            took = str(watch)
            assert len(refits) == before + 1, len(refits)
print(took)
"""
)
