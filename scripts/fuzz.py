"""Feed the product with hostile input, and hold it to its laws.

python3 scripts/fuzz.py --cases 1000 --seed 1 --target edtf; without a target, each in turn.
A find is printed as a line for tests/finds.ndjson; exits 1 if there is any.
"""

import argparse
import base64
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hostile_words import Dice
from laws import TARGETS

SLOWEST: Final = {"commands": 20.0}
"""Seconds of the processor that a case may take, where it is more than one."""

ENOUGH: Final = 20
"""Finds after which a target is left."""


def main() -> None:
    """Run the cases and print a line of figures a target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", choices=list(TARGETS), action="append")
    wanted = parser.parse_args()
    found = 0
    for target in wanted.target or TARGETS:
        finds = list(_finds(target, wanted.cases, wanted.seed))
        found += len(finds)
    sys.exit(1 if found else 0)


def _finds(target: str, cases: int, seed: int) -> Iterator[str]:
    make, law = TARGETS[target]
    dice = Dice(np.random.default_rng([seed, list(TARGETS).index(target)]))
    begun, taken, slowest, found = time.perf_counter(), 0, 0.0, 0
    done = 0
    while done < cases and found < ENOUGH:
        done += 1
        case = make(dice)
        before = time.process_time()  # others' work on the machine is no fault of the case
        wrong = ""
        try:
            taken += law(case)
        except Exception as error:  # noqa: BLE001 - any other exception is a find
            wrong = f"{type(error).__name__}: {error}"
        took = time.process_time() - before
        slowest = max(slowest, took)
        wrong = wrong or (f"it took {took:.1f} s" if took > SLOWEST.get(target, 1.0) else "")
        if wrong:
            found += 1
            line = json.dumps({"target": target, "case": packed(case), "found": wrong[:300]})
            print(line, flush=True)
            yield line
    spent = time.perf_counter() - begun
    print(
        f"{target}: {done:,} cases, {taken:,} taken, {found} finds, slowest {slowest:.3f} s, "
        f"{spent:.0f} s",
        file=sys.stderr,
        flush=True,
    )


def packed(case: Any) -> Any:  # noqa: ANN401 - a case of any target
    """A case as JSON has it; bytes as text, or in base 64."""
    if not isinstance(case, bytes):
        return case
    try:
        return {"utf8": case.decode()}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(case).decode()}


def unpacked(written: Any) -> Any:  # noqa: ANN401 - as above
    """The case again."""
    if isinstance(written, dict) and "base64" in written:
        return base64.b64decode(written["base64"])
    if isinstance(written, dict) and "utf8" in written:
        return written["utf8"].encode()
    if isinstance(written, dict) and "times" in written:
        return written["text"] * written["times"]
    return tuple(written) if isinstance(written, list) else written


if __name__ == "__main__":
    main()
