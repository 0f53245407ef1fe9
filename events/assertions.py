"""What a claim says of its times, written in EDTF."""

from dataclasses import replace

from events import relative, stretches
from events.errors import Doubt
from events.meanings import Time
from events.relative import Amount, Loose, Publication, settled
from events.stretches import Stretch

_BACKWARDS = "ends before it begins; write the earlier date first."
_MIDSUMMER = 6


def _settled(times: list[Time], published: Publication) -> list[Stretch]:
    """Settle the years of times named together: each takes its year from a neighbour."""
    whens = [time(published) for time in times]
    if isinstance(whens[-1], Stretch):
        made = [whens[-1]]
        for when in reversed(whens[:-1]):
            made.insert(0, relative.settled_before(when, made[0]))
        return made
    made = [settled(whens[0], published)]
    if isinstance(whens[0], Loose):
        made[0] = replace(made[0], dated=True)  # by the day of publication
    for when in whens[1:]:
        made.append(replace(relative.settled_after(when, made[-1]), dated=made[-1].dated))
    return made


def one_of(times: list[Time], published: Publication) -> str:
    """Say one time, or one of several; neighbouring windows make one window."""
    made = sorted(_settled(times, published), key=lambda stretch: stretch.earliest)
    members = list(dict.fromkeys(stretch.member for stretch in made))
    if len(made) == 1:
        return made[0].alone
    if all(members) and len(members) == len(made):
        return f"[{','.join(members)}]"
    if len(made) == 2 and made[0].first != made[1].first:  # noqa: PLR2004 - a pair
        return f"{made[0].first}/{made[1].deadline}"
    raise Doubt("names times that cannot be told apart; write them in EDTF.")


def as_early_as(times: list[Time], published: Publication) -> str:
    """Say the earliest possible time, of what is still to come."""
    made = _settled(times, published)
    if len(made) > 1 or (published.said and made[0].latest < published.first):
        return one_of(times, published)
    return f"{made[0].first}/.."


def starting(times: list[Time], published: Publication) -> str:
    """Say from when on; "from 2026 or 2027" is a start in one of them."""
    made = _settled(times, published)
    if made[0].grain == "span":
        raise Doubt("has no one beginning; write 2026/2027 for the years from one to another.")
    return f"{made[0].first}/.." if len(made) == 1 else one_of(times, published)


def not_before(times: list[Time], published: Publication) -> str:
    """Say the earliest time."""
    made = min(_settled(times, published), key=lambda stretch: stretch.earliest)
    return f"{made.first}/.."


def by(times: list[Time], published: Publication) -> str:
    """Say the latest time."""
    made = max(_settled(times, published), key=lambda stretch: stretch.latest)
    return f"../{made.deadline}"


def until(times: list[Time], published: Publication) -> str:
    """Say until when; "until 2028 or 2029" is an end in one of them."""
    return by(times, published) if len(times) == 1 else one_of(times, published)


def by_or_by(sooner: Time, later: Time, published: Publication) -> str:
    """Say a deadline and the one behind it, from the month of publication on."""
    first, last = settled(sooner(published), published), settled(later(published), published)
    if last.latest < first.earliest:
        raise Doubt(_BACKWARDS)
    start = published.month() if published.said else ".."
    return f"{start}/{last.deadline}"


def before(time: Time, published: Publication) -> str:
    """Say a time that is itself too late; before an end means by it."""
    when = time(published)
    made = settled(when, published)
    if when is not made and made.earliest <= published.first:
        raise Doubt("may mean this year's or next year's; write the year.")
    if made.deadline != made.last:
        return f"../{made.deadline}"
    return f"../{stretches.before(made.first)}"


def after(time: Time, published: Publication) -> str:
    """Say a time that is itself too early."""
    made = settled(time(published), published)
    return f"{stretches.after(made.deadline)}/.."


def between(pair: tuple[Time, Time], published: Publication) -> str:
    """Say from one time to another."""
    first, last = _settled(list(pair), published)
    if first.earliest >= last.earliest and first.latest >= last.latest:
        raise Doubt(_BACKWARDS)
    if first.earliest > last.earliest:
        raise Doubt(_BACKWARDS)
    return f"{first.first}/{last.deadline}"


def whole(time: Time, published: Publication) -> str:
    """Say "between 2026-2027"."""
    made = settled(time(published), published)
    if made.grain != "span":
        raise Doubt("has one end; write both, such as between 2026 and 2027.")
    return made.alone


def turn(pair: tuple[Time, Time], published: Publication) -> str:
    """Say the turn of two neighbouring years or months: the end of one, early in the next."""
    first, last = _settled(list(pair), published)
    end, early = stretches.part_of(first, "end"), stretches.part_of(last, "early")
    if not end or not early or (last.earliest - first.latest).days != 1:
        raise Doubt("names no turn of two neighbours; write both dates.")
    return f"{end.first}/{early.deadline}"


def turn_of_years(text: str, published: Publication) -> str:
    """Say "the turn of the year 2026/27"."""
    first, slash, last = text.partition("/")
    if not slash:
        raise Doubt("names no turn of two neighbours; write both dates.")
    return turn((_year(int(first)), _year(int(last))), published)


def turn_of_the_year(published: Publication) -> str:
    """Say "the turn of the year", the coming one in its second half."""
    if published.first.month < _MIDSUMMER:
        raise Doubt("may mean this or the last turn of the year; write the years.")
    year = published.first.year
    return turn((_year(year), _year(year + 1)), published)


def _year(year: int) -> Time:
    return lambda _: stretches.of_year(year)


def within(amount: Amount, direction: int, published: Publication) -> str:
    """Say "within two years", "over the past six months"."""
    return relative.within(amount, direction, published).alone


def part_of_now(kind: str, time: Time, published: Publication) -> str:
    """Say "later this year" and "earlier this year"."""
    made = settled(time(published), published)
    if kind == "later":
        return relative.rest_of(made, published).alone
    return relative.elapsed_of(made, published).alone
