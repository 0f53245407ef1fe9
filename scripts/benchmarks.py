"""What was measured, in words: a line for a terminal, the tables of BENCHMARKS.md."""

from pathlib import Path

from growth import Growth
from pairs import Figure


def line(told: Figure | Growth) -> str:
    """A figure or a growth for people, in a line."""
    if isinstance(told, Growth):
        return f"{told.case:<13} {_steps(told)}; exponents {_slopes(told)}"
    ratio = f"; {_ratio(told)} {told.yardstick} ({told.theirs})" if told.theirs else ""
    reach = f"  [to reach: {told.reach}: {_verdict(told)}]" if str(told.reach) else ""
    mib = f"{told.ours.mib:.0f} MiB"
    return f"{told.case:<13} {told.words}: {told.ours}{_rate(told)}, {mib}{ratio}{reach}"


def _rate(told: Figure) -> str:
    return f", {told.units / told.ours.seconds:,.0f} a second" if told.units else ""


def _ratio(told: Figure) -> str:
    if told.ratio is None:
        return ""
    spread = f"{told.ratio:g} ({told.ratio_low:g} to {told.ratio_high:g})"
    ratio = f"{spread}, processors {told.busy_ratio:g}"
    return f"{ratio} times as fast as" if told.reach.speed is not None else f"{ratio} x"


def _verdict(told: Figure) -> str:
    if told.reached is None:
        return ""
    alone = "by processors" if told.would_reach else "no"
    return "yes" if told.reached else alone


def _steps(told: Growth) -> str:
    steps = zip(told.sizes, told.sides, strict=True)
    return "; ".join(f"{size:,}: {side.busy:.3g} s, {side.mib:.0f}" for size, side in steps)


def _slopes(told: Growth) -> str:
    slopes = ", ".join(f"{slope:.2f}" for slope in told.exponents)
    return f"{slopes} (n log n: {told.linear_log:.2f})"


def write(path: Path, told: Figure | Growth) -> None:
    """Put a row into its table between the marks, in the place of the case's last one."""
    mark = "growth" if isinstance(told, Growth) else "figures"
    row = _growth(told) if isinstance(told, Growth) else _figure(told)
    text = path.read_text()
    begin, end = f"<!-- {mark} -->\n", f"<!-- end of {mark} -->"
    head, rest = text.split(begin, 1)
    within, tail = rest.split(end, 1)
    old = [line for line in within.splitlines()[2:] if line]
    rows = {line.split("|")[1].strip(): line for line in old} | {told.case: row}
    table = HEADS[mark] + "".join(f"{line}\n" for line in rows.values())
    path.write_text(head + begin + table + end + tail)


FIGURES = (
    "| case | ours | yardstick | ratio, range | of processors | to reach | reached | MiB |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
)
GROWTH = "| case | processor seconds and MiB by size | exponents |\n| --- | --- | --- |\n"
HEADS = {"figures": FIGURES, "growth": GROWTH}


def _figure(told: Figure) -> str:
    theirs = f"{told.yardstick}: {told.theirs}" if told.theirs else ""
    ratio = busy = ""
    if told.ratio is not None:
        ratio = f"{told.ratio:g}, {told.ratio_low:g} to {told.ratio_high:g}"
        busy = f"{told.busy_ratio:g}"
    elif told.units:
        ratio = f"{told.units / told.ours.seconds:,.0f} a second"
        busy = f"{told.units / told.ours.busy:,.0f} a second" if told.ours.busy else ""
    mib = f"{told.ours.mib:.0f}" + (f", {told.theirs.mib:.0f}" if told.theirs else "")
    cells = (
        *(told.case, f"{told.words}: {told.ours}", theirs),
        *(ratio, busy, str(told.reach), _verdict(told), mib),
    )
    return f"| {' | '.join(cells)} |"


def _growth(told: Growth) -> str:
    return f"| {told.case} | {_steps(told)} | {_slopes(told)} |"
