"""The rules of the house that no tool knows.

python3 scripts/check.py prints a line for each breach.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (".ci", "events", "forecasts", "scripts", "tests", "tracker")
LONGEST = 300
LONGEST_TEST = 400  # a story and its claim take lines, and stand beside their like
ALLOWED_LONGER = {  # why it is one idea all the same
    "events/facts.py": "the vocabulary, one class a type",
    "tests/test_events_phrases.py": "one table of phrases and their readings",
}
EMPTY_NAMES = {"common", "core", "helpers", "manager", "misc", "utils"}
TEST_NAME = re.compile(r"tests/(test_(events|forecasts|tracker|house)(_\w+)?|conftest)\.py")
MACHINE = re.compile(r"(?<![\w.~/*-])/(home|opt|root|tmp|Users|work)/\w")
REGISTRY = re.compile(r"\b(pypi|pythonhosted|npmjs)[.](org|com|io)\b")
SUPPRESSION = re.compile(r"#\s*(noqa|type:\s*ignore|pragma:|fmt:)(?P<rest>.*)")
REASONED = re.compile(r"(: [A-Z]+\d+(, [A-Z]+\d+)*|\[[\w-]+(, [\w-]+)*\]) +(--?|#) +\w")


def main() -> None:
    """Print every breach as `file:line: sentence`; exit 1 if there is one."""
    files = sorted(_files())
    breaches = [breach for file in files for breach in _breaches(file)]
    print("\n".join(breaches) or f"{len(files)} files keep the rules of the house")
    sys.exit(1 if breaches else 0)


def _files() -> Iterator[Path]:
    """What is ours: the files at the top and those of the project's folders."""
    for file in [*ROOT.glob("*"), *(f for top in FOLDERS for f in _below(ROOT / top))]:
        if file.is_file():
            yield file


def _below(top: Path) -> Iterator[Path]:
    return (file for file in top.rglob("*") if file.parent.name != "__pycache__")


def _breaches(file: Path) -> Iterator[str]:
    """Every breach in one file."""
    lines = file.read_text("utf-8", errors="replace").splitlines()
    name = file.relative_to(ROOT).as_posix()
    yield from _place(name, file.stem)
    yield from _addresses(name, lines)
    if file.suffix == ".py":
        yield from _length(name, lines)
        yield from _suppressions(name, lines)


def _place(name: str, stem: str) -> Iterator[str]:
    if stem in EMPTY_NAMES:
        yield f"{name}:1: this name says nothing; name the one idea of the module"
    if re.match(r"tests/.*\.py$", name) and not TEST_NAME.fullmatch(name):
        yield f"{name}:1: tests are flat: tests/test_FLOOR_IDEA.py"


def _addresses(name: str, lines: list[str]) -> Iterator[str]:
    """Paths of one machine and hosts of registries; in the lock, any address."""
    for number, line in enumerate(lines, 1):
        if found := MACHINE.search(line) or REGISTRY.search(line):
            yield f"{name}:{number}: {found[0]!r} is true on one machine only"
        elif name == "requirements.lock" and ("://" in line or "-url" in line):
            yield f"{name}:{number}: the lock carries no addresses"


def _length(name: str, lines: list[str]) -> Iterator[str]:
    longest = LONGEST_TEST if name.startswith("tests/") else LONGEST
    if len(lines) > longest and name not in ALLOWED_LONGER:
        yield (
            f"{name}:{longest}: {len(lines)} lines; look for the second idea, or say in"
            " scripts/check.py why it is one"
        )


def _suppressions(name: str, lines: list[str]) -> Iterator[str]:
    """A switched-off rule is named and has its reason on the same line."""
    for number, line in enumerate(lines, 1):
        found = SUPPRESSION.search(line)
        if found and not REASONED.match(found["rest"]):
            yield f"{name}:{number}: name the rule that is switched off, and why"


if __name__ == "__main__":
    main()
