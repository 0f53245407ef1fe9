import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "scripts"))

from fuzz import unpacked  # noqa: E402 - a script's module
from hostile_words import Dice  # noqa: E402 - likewise
from laws import TARGETS  # noqa: E402 - likewise

FINDS = [json.loads(line) for line in (ROOT / "tests/finds.ndjson").read_text().splitlines()]
QUICK = {"journals": 5, "forecasts": 5, "phrases": 20, "options": 20}
"""Cases of the targets that take milliseconds; of the others, a hundred."""

SECONDS = "commands"
"""The target of which one case takes a second: it waits for the whole run."""


def slowly(target: str, value: object) -> Any:  # noqa: ANN401 - what pytest makes of it
    return pytest.param(value, marks=[pytest.mark.slow] if target == SECONDS else [])


@pytest.mark.parametrize(
    "find",
    [slowly(find["target"], find) for find in FINDS],
    ids=lambda find: str(find["found"])[:60],
)
def test_what_once_broke_it_keeps_its_law(find: dict[str, Any]) -> None:
    _, law = TARGETS[find["target"]]

    assert law(unpacked(find["case"])) in {True, False}


@pytest.mark.parametrize("target", [target for target in TARGETS if target != SECONDS])
def test_hostile_input_keeps_the_laws(target: str) -> None:
    make, law = TARGETS[target]
    dice = Dice(np.random.default_rng(0))

    taken = [law(make(dice)) for _ in range(QUICK.get(target, 100))]

    assert any(taken)


@pytest.mark.slow
@pytest.mark.parametrize("target", list(TARGETS))
def test_more_hostile_input_keeps_them_too(target: str) -> None:
    make, law = TARGETS[target]
    dice = Dice(np.random.default_rng(3))
    cases = 5 if target == SECONDS else 20 * QUICK.get(target, 100)

    taken = [law(make(dice)) for _ in range(cases)]

    assert any(taken)
    assert not all(taken)
