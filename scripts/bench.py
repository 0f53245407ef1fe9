"""Measure Tracker against its limits and its peers, pair by pair in one run.

python3 scripts/bench.py [CASE ...] [--pairs N] [--size N] [--format json] [--growth] [--tiny]

Ours and the yardstick run in turn, so that a machine whose speed drifts favours neither, and
each figure is printed as soon as it is there. Figures are medians with their range, memory is
the most of any process; ratios are of pairs. What is made along the way lies in a temporary
folder, or is kept for the next run in the one that BENCH_FOLDER names. `--markdown FILE`
writes the tables of BENCHMARKS.md between their marks.
"""

import argparse
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import bench_forecast
import bench_ledger
import bench_pages
import bench_start
import bench_timeline
import benchmarks
from cases import Case, Missing
from growth import SIZES, Growth, grown
from pairs import Figure, measured

CASES: dict[str, Case] = {
    case.name: case
    for family in (bench_start, bench_ledger, bench_timeline, bench_forecast, bench_pages)
    for case in family.CASES
}
MOST = {by: sizes[-1] for by, sizes in SIZES.items()}


def main() -> None:
    """Run the cases that are named, all of them when none is."""
    options = asked()
    named = [CASES[name] for name in options.cases or CASES]
    if options.list:
        print("\n".join(f"{one.name:<13} {one.words(one.size)[0]}" for one in named))
        return
    told = growths(named, options) if options.growth else measurements(named, options)
    for one in told:
        print(shown(one, options.format), flush=True)
        if options.markdown:
            benchmarks.write(options.markdown, one)


def asked() -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("cases", nargs="*", choices=[*CASES, []], metavar="CASE")
    parser.add_argument("--list", action="store_true", help="say which cases there are")
    parser.add_argument("--pairs", type=int, default=5, help="pairs that are counted")
    parser.add_argument("--size", type=int, help="events or programmes, at most")
    parser.add_argument("--tiny", action="store_true", help="a smoke run: does each run at all")
    parser.add_argument("--growth", action="store_true", help="each size, and the exponents")
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--markdown", type=Path, help="write the tables into this file")
    return parser.parse_args()


def measurements(cases: list[Case], options: argparse.Namespace) -> Iterator[Figure]:
    """A figure a case; one that needs what is not installed says so and is passed by."""
    for case in cases:
        size = case.tiny if options.tiny else min(case.size, options.size or case.size)
        count = 1 if options.tiny else min(options.pairs, case.pairs or options.pairs)
        try:
            with case.laid(size) as sides:
                yield measured(
                    sides, case=case.name, words=case.words(size), reach=case.reach, count=count
                )
        except Missing as missing:
            told = json.dumps({"case": case.name, "skipped": str(missing)})
            plain = f"{case.name:<13} skipped: {missing}"
            print(told if options.format == "json" else plain, flush=True)


def growths(cases: list[Case], options: argparse.Namespace) -> Iterator[Growth]:
    """The cases that grow, at each size up to the one asked for."""
    for case in cases:
        if case.grows:
            most = min(MOST[case.by], options.size or MOST[case.by])
            yield grown(case, most=most, count=1 if options.tiny else min(options.pairs, 3))


def shown(told: Figure | Growth, format: str) -> str:
    """A figure or a growth as one line: for people, or as JSON."""
    if format == "json":
        more = (
            {"reached": told.reached, "cores": os.cpu_count()}
            if isinstance(told, Figure)
            else {"exponents": told.exponents, "n_log_n": told.linear_log}
        )
        return json.dumps(asdict(told) | more)
    return benchmarks.line(told)


if __name__ == "__main__":
    main()
