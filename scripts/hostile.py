"""Journals, sheets and settings that nobody sane would write, from a seeded generator.

Half is made by the vocabulary and from the shipped journals, half is that with bytes or values
exchanged.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from events import facts
from events.lines import KEYS, LISTS, NUMBERS
from events.sheets import COLUMNS
from hostile_words import NASTY, Dice, day, edtf, number, shipped, text

VALUES: Final[list[Any]] = [
    *(None, True, False, 0, -1, 1, 10**15, 10**15 + 1, 10**40, 0.5, -0.0, 1e308, 1e-320),
    *(2**53 + 1, 2**63, 2**64, [], {}, [[]], [None], {"a": 1}, [1], ["a", ""], [[["x"]]]),
]


def value(dice: Dice, key: str) -> Any:  # noqa: ANN401 - any JSON
    """What may stand under a key, mostly of its kind."""
    if dice.often(0.12):
        return dice.pick(VALUES)
    if key in facts.DATED:
        return edtf(dice)
    if key in NUMBERS:
        return dice.pick([dice.below(10**6), dice.roll() * 1e5, *VALUES[:15], number(dice)])
    if key in LISTS:
        return [text(dice) for _ in range(dice.below(4))]
    if key == "source":
        kept = ("url", "publisher", "quote", "grade", "root", "titel")
        return {name: text(dice) for name in kept if dice.often(0.3)}
    kinds: dict[str, Callable[[], Any]] = {
        "id": lambda: _id(dice),
        "known_on": lambda: day(dice),
        "grade": lambda: dice.pick(["A1", "B2", "G7", "F6"]),
        "kind": lambda: dice.pick(["production", "context", "kontext"]),
        "currency": lambda: dice.pick(["EUR", "eur", "€", "USD"]),
        "brownfield": lambda: dice.pick([True, False, "true", "yes"]),
        "measure": lambda: dice.pick(["production", "deliveries", "sales"]),
    }
    return kinds[key]() if key in kinds else text(dice)


def _id(dice: Dice) -> str:
    return f"{dice.below(2**32):08x}-0000-4000-8000-{dice.below(2**40):012x}"


def line(dice: Dice) -> dict[str, Any]:
    """A journal line: a shipped one with keys exchanged, or one from the vocabulary."""
    if dice.often(0.5):
        made: dict[str, Any] = json.loads(dice.pick(shipped()))
    else:
        kind = dice.pick(list(facts.TYPES))
        fields = [*facts.TYPES[kind].__struct_fields__]
        made = {"programme": "plant", "type": kind, "occurred": "2024"}
        made |= {key: value(dice, key) for key in fields if dice.often(0.4)}
    for _ in range(dice.below(3)):
        key = dice.pick(KEYS)
        match dice.below(4):
            case 0:
                made.pop(key, None)
            case 1:
                made[dice.pick([*KEYS, "sumary", "Type", ""])] = made.pop(key, None)
            case _:
                made[key] = value(dice, key)
    return made


def ndjson(dice: Dice) -> bytes:
    """A few lines of a journal, in bytes that may be of any kind."""
    parts = [
        _spelt(dice, line(dice)).encode("utf-8", "surrogatepass")
        for _ in range(1 + dice.below(2))
    ]
    return _mangled(dice, dice.pick([b"\n", b"\n", b"\r\n", b"\n\n", b"\r"]).join(parts))


def _spelt(dice: Dice, made: dict[str, Any]) -> str:
    """JSON in one of its many spellings; sometimes a key stands twice."""
    apart = (dice.pick([",", ", ", " ,\t"]), dice.pick([":", ": ", " :", "\t: "]))
    written = json.dumps(made, ensure_ascii=dice.often(0.5), separators=apart)
    if dice.often(0.1) and made:
        key = dice.pick([*made, "a\\u0062", *KEYS])
        again = f'"{key}"{apart[1]}{json.dumps(dice.pick(VALUES))}'
        written = dice.pick([f"{written[:-1]},{again}}}", f"{{{again},{written[1:]}"])
    return written


def sheet(dice: Dice) -> bytes:
    """A CSV journal of a few rows, in bytes that may be of any kind."""
    columns = [name for name in COLUMNS if dice.often(0.3)] or ["programme"]
    columns = [*dict.fromkeys(("programme", "type", "occurred", *columns))]
    rows = [columns]
    for _ in range(1 + dice.below(3)):
        made = line(dice)
        source = made.get("source")
        flat = made | (
            {f"source.{key}": held for key, held in source.items()}
            if isinstance(source, dict)
            else {}
        )
        rows.append([_cell(dice, flat.get(name, "")) for name in columns])
    ends = dice.pick(["\n", "\n", "\r\n", "\r"])
    body = ends.join(dice.pick([",", ",", ",", ";"]).join(row) for row in rows)
    return _mangled(dice, body.encode("utf-8", "surrogatepass"))


def _cell(dice: Dice, held: object) -> str:
    words = held if isinstance(held, str) else json.dumps(held)
    plain = not set(words) & set('",\r\n;') and not dice.often(0.1)
    return words if plain else '"' + words.replace('"', '""') + '"'


def _mangled(dice: Dice, data: bytes) -> bytes:
    """Bytes put in, taken out, doubled, exchanged, or otherwise encoded; mostly as they are."""
    if dice.often(0.7):
        return data
    place, other = dice.below(len(data) + 1), dice.below(len(data) + 1)
    low, high = min(place, other), max(place, other)
    ways: list[Callable[[], bytes]] = [
        lambda: data[:place] + bytes([dice.below(256)]) + data[place + 1 :],
        lambda: data[:place] + bytes([dice.below(256)]) + data[place:],
        lambda: data[:low] + data[high:],
        lambda: data[:high] + data[low:],
        lambda: data[:place],
        lambda: b"\xef\xbb\xbf" + data,
        lambda: data.decode("utf-8", "replace").encode("utf-16"),
        lambda: data.decode("utf-8", "replace").encode("latin-1", "replace"),
        lambda: data[:place] + dice.pick(NASTY).encode("utf-8", "surrogatepass") + data[place:],
    ]
    return dice.pick(ways)()


def journal(dice: Dice) -> bytes:
    """A journal of two programmes that hangs together, with a few hostile lines in it."""
    count = 3 + dice.below(12)
    ids = [_id(dice) for _ in range(count + 2)]
    made: list[dict[str, Any]] = [
        _opened(dice, ids[place], slug) for place, slug in enumerate(("plant", "works"))
    ]
    calm = dice.often(0.8)
    for place in range(2, count + 2):
        kind = dice.pick(list(facts.TYPES)[1:])
        cls = facts.TYPES[kind]
        one: dict[str, Any] = {
            "id": ids[place],
            "programme": ("plant", "works")[place % 2],
            "type": kind,
            "occurred": _honest(dice),
            "known_on": day(dice),
        }
        one |= {
            key: _fitting(dice, key, ids[place % 2 :: 2])
            for key in cls.__struct_fields__
            if _needs(dice, key)
        }
        made.append(one if calm else dice.pick([one, one, one, line(dice)]))
    return "\n".join(json.dumps(one) for one in made).encode("utf-8", "surrogatepass")


TITLES: Final = [
    *("T", "=T", "T\x1b[1m", "'T", "<script>alert(1)</script>", '"><img src=x onerror=y>'),
    *(
        "a\nBEGIN:VEVENT",
        "]]>",
        "&amp;",
        "\u202etitle",
        "x" * 200,
        "\x00",
        "{{ 7 * 7 }}",
        "\uffff",
    ),
]
"""Names that mean something to a terminal, a page, a feed, a calendar or a sheet."""


def _opened(dice: Dice, id: str, slug: str) -> dict[str, Any]:
    rest = {"kind": "context", "rivals": ["works"], "follows": ["works"], "unit": "GWh"}
    some = {key: held for key, held in rest.items() if dice.often(0.2)}
    return {
        "id": id,
        "programme": slug,
        "type": "programme-opened",
        "occurred": "2015",
        "known_on": "2015-01-01",
        "title": dice.pick(TITLES),
        **some,
    }


def _needs(dice: Dice, key: str) -> bool:
    return key in {"retracts", "amends", "period", "volume"} or (
        key in {"expected_start", "capacity_per_year", "rival", "target_volume", "target_by"}
        and dice.often(0.5)
    )


def _honest(dice: Dice) -> str:
    year = 2014 + dice.below(14)
    plain = [f"{year}", f"{year}-0{1 + dice.below(9)}", f"{year}~", day(dice), f"{year}-41"]
    spans = [f"{year}/{year + 1}", f"../{year}", f"{year}/..", f"[{year},{year + 1}]"]
    return dice.pick([*plain, *spans, f"{year}-33", "0001", "9999", "XXXX", "99XX/9999-12"])


def _fitting(dice: Dice, key: str, ids: Sequence[str]) -> Any:  # noqa: ANN401 - any JSON
    match key:
        case "retracts" | "amends":
            return dice.pick(ids)
        case "period":
            return dice.pick(["2015-01", "2015", "2015-01-01", "2014/2015", _honest(dice)])
        case "expected_start" | "target_by":
            return _honest(dice)
        case "rival":
            return dice.pick(["works", "plant", "nowhere"])
        case _:
            return dice.pick([0, 1, 150_000, 1e15, 10**15, 0.001, 5e-324, dice.below(10**6)])


def toml(dice: Dice) -> bytes:
    """A `tracker.toml`, or nearly."""
    kind = dice.pick([*facts.TYPES, "x", "", '"a b"']) if dice.often(0.5) else "site-ruled-out"
    wild = ['"x"', "1e400", "nan", "inf", "true", "[]", "{}", "2024-01-01", "-0.0", "1_0"]
    lines = [dice.pick(['ledger = "a"', f"ledger = {dice.pick(wild)}", "", "x = 1"])]
    lines += [dice.pick([f"[evidence.{kind}]"] * 4 + ["[evidence]", "[[evidence]]", "[x]"])]
    for key in ("start", "cancel", "reason", "stat"):
        if dice.often(0.3):
            plain = '"x"' if key == "reason" else f"{dice.roll() * 4 - 2:.3f}"
            lines.append(f"{key} = {plain if dice.often(0.7) else dice.pick(wild)}")
    return _mangled(dice, "\n".join(lines).encode())
