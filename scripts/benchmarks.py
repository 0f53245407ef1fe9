"""What was measured, in words: a line for a terminal, the tables of BENCHMARKS.md."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from growth import Growth
from pairs import Figure, Side


def line(told: Figure | Growth) -> str:
    """A figure or a growth for people, in a line."""
    if isinstance(told, Growth):
        steps = zip(told.sizes, told.sides, strict=True)
        sizes = ", ".join(
            f"{size:,}: {side.seconds:g} s {side.mib:.0f} MiB" for size, side in steps
        )
        return (
            f"{told.case:<13} {sizes}; exponents {told.exponents} (n log n: {told.linear_log})"
        )
    rate = f", {told.a_second:,} a second" if told.a_second else ""
    ratio = f"; {_ratio(told)} {told.yardstick} ({told.theirs})" if told.theirs else ""
    return (
        f"{told.case:<13} {told.words}: {told.ours}, {told.ours.mib:.0f} MiB{rate}{ratio}"
        f"{f'  [to reach: {told.reach}: {_verdict(told)}]' if told.reached is not None else ''}"
    )


def _ratio(told: Figure) -> str:
    spread = f"{told.ratio:g} ({told.ratio_low:g} to {told.ratio_high:g})"
    return f"{spread} times as fast as" if told.reach.speed is not None else f"{spread} x"


def _verdict(told: Figure) -> str:
    return {True: "yes", False: "no", None: ""}[told.reached]


def write(path: Path, figures: Sequence[Figure], grew: Sequence[Growth]) -> None:
    """Put the tables between their marks; what was not measured now stays as it is."""
    text = path.read_text()
    if figures:
        text = _between("figures", _rows(text, "figures", map(_figure, figures)), text)
    if grew:
        text = _between("growth", _rows(text, "growth", map(_growth, grew)), text)
    path.write_text(text)


FIGURES = (
    "| case | ours | yardstick | ratio | to reach | reached | MiB ours, theirs |\n"
    "| --- | --- | --- | --- | --- | --- | --- |\n"
)
GROWTH = "| case | seconds and MiB by size | exponents | n log n |\n| --- | --- | --- | --- |\n"
HEADS = {"figures": FIGURES, "growth": GROWTH}


def _between(mark: str, table: str, text: str) -> str:
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    head, rest = text.split(begin)
    return head + begin + table + end + rest.split(end, 1)[1]


def _rows(text: str, mark: str, fresh: Iterable[tuple[str, str]]) -> str:
    """The table with its fresh rows in the place of the old ones, by case."""
    within = text.split(f"<!-- {mark} -->\n", 1)[1].split(f"<!-- end of {mark} -->", 1)[0]
    old = [row for row in within.splitlines()[2:] if row]
    rows = {row.split("|")[1].strip(): row for row in old} | dict(fresh)
    return HEADS[mark] + "".join(f"{row}\n" for row in rows.values())


def _figure(told: Figure) -> tuple[str, str]:
    theirs = f"{told.yardstick}: {told.theirs}" if told.theirs else ""
    ratio = ""
    if told.ratio is not None:
        spread = f"{told.ratio:g} ({told.ratio_low:g} to {told.ratio_high:g})"
        ratio = f"{spread} times as fast" if told.reach.speed is not None else spread
    if told.a_second and told.reach.a_second:
        ratio = f"{told.a_second:,} a second"
    mib = f"{told.ours.mib:.0f}" + (f", {told.theirs.mib:.0f}" if told.theirs else "")
    cells = (
        *(told.case, f"{told.words}: {told.ours}", theirs),
        *(ratio, str(told.reach), _verdict(told), mib),
    )
    return told.case, f"| {' | '.join(cells)} |"


def _growth(told: Growth) -> tuple[str, str]:
    steps = zip(told.sizes, told.sides, strict=True)
    sizes = "; ".join(f"{size:,}: {_at(side)}" for size, side in steps)
    slopes = ", ".join(f"{slope:.2f}" for slope in told.exponents)
    return told.case, f"| {told.case} | {sizes} | {slopes} | {told.linear_log:.2f} |"


def _at(side: Side) -> str:
    return f"{side.seconds:.3g} s, {side.mib:.0f}"
