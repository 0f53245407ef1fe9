"""Take the README's pictures of the page, with the browser of the tests.

python3 scripts/test.py makes .venv; then: .venv/bin/python scripts/screenshots.py
Writes scripts/page-*.png, each below 300 kB, and their numbers into the README.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from PIL import Image

from browser import browser, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"
TODAY = "2026-11-22"
MIRAFIORI = "programmes/leapmotor-mirafiori?as_of="
MOST = 300_000
"""Bytes of a picture."""


class Shot(NamedTuple):
    """A page as somebody sees it: what is shown begins at `start`, an element."""

    name: str
    address: str
    size: tuple[int, int]
    scheme: Literal["dark", "light"]
    start: str = "body"
    scale: float = 1.5


SHOTS = (
    Shot("wide", f"{MIRAFIORI}2024-06-30", (1180, 1500), "light"),
    Shot("phone", f"{MIRAFIORI}2024-06-30", (390, 1180), "light"),
    Shot("dark", f"{MIRAFIORI}2024-12-31", (1180, 1180), "dark", "#p-moved"),
    Shot("first", "", (1180, 1180), "light"),
)
TEXTS = {
    "wide": (
        "The page of Leapmotor at Mirafiori as of 30 June 2024: {}, {}, its curve and timeline",
        re.compile(r"Production by [^:]+: ([^,]+), (\S+ %)"),
    ),
    "dark": (
        "What moved it, in dark: a waterfall from {} to {}, each part with its event",
        re.compile(r"went from (\S+ %) when it was opened to (\S+ %)"),
    ),
}
"""What the README says of a picture, and where the page has the numbers in it."""


def main() -> None:
    """A workspace with the founding story, a server on it, and a browser before that."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "europe"
        journal = HERE.parent / "events" / "journals" / "leapmotor.ndjson"
        _tracker("init", str(place), cwd=HERE)
        _tracker("import", str(journal), cwd=place)
        _tracker("forecast", "leapmotor-mirafiori", "--every", "month", cwd=place)
        with served(place, today=TODAY) as base, browser() as opened:
            for shot in SHOTS:
                file = HERE / f"page-{shot.name}.png"
                taken, words = _taken(opened, base, shot)
                file.write_bytes(_small(taken))
                README.write_text(told(shot.name, words, README.read_text("utf-8")), "utf-8")
                print(f"{file.name}  {file.stat().st_size:,} bytes")


def told(name: str, words: str, readme: str) -> str:
    """The README with a picture's numbers as the words of its page have them."""
    if name not in TEXTS:
        return readme
    text, numbers = TEXTS[name]
    found = numbers.search(words)
    if found is None:
        raise ValueError(f"The page of {name} has no words such as: {numbers.pattern}")
    picture = f"](scripts/page-{name}.png)"
    old = re.search(rf"!\[[^\]]*{re.escape(picture)}", readme)
    if old is None:
        raise ValueError(f"The README has no picture {picture}")
    return readme.replace(old[0], f"![{text.format(*found.groups())}{picture}")


def _taken(opened: Browser, base: str, shot: Shot) -> tuple[bytes, str]:
    """The page from an element on, as a PNG, and the words of all of it."""
    width, height = shot.size
    page = opened.new_page(
        viewport={"width": width, "height": height},
        color_scheme=shot.scheme,
        device_scale_factor=shot.scale,
        reduced_motion="reduce",
    )
    page.goto(base + shot.address)
    if shot.address:
        page.wait_for_selector("#f-moves", state="attached", timeout=300_000)
    box = page.locator(shot.start).bounding_box() or {"y": 0}
    top = max(box["y"] - 16, 0)
    clip = {"x": 0, "y": top, "width": width, "height": height}
    taken = page.screenshot(full_page=True, clip=clip)  # type: ignore[arg-type] # a dict of its four keys
    words = page.locator("body").inner_text()
    page.close()
    return taken, words


def _small(png: bytes) -> bytes:
    """The same with as many colours as fit: text on a plain ground needs few."""
    whole = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        few = io.BytesIO()
        whole.quantize(colours, dither=Image.Dither.NONE).save(few, "PNG", optimize=True)
        if few.tell() < MOST:
            return few.getvalue()
    raise ValueError(f"{whole.width} by {whole.height} pixels are too many for {MOST} bytes.")


def _tracker(*words: str, cwd: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(HERE.parent), "TRACKER_TODAY": TODAY},
        stdout=subprocess.DEVNULL,
        check=True,
    )


if __name__ == "__main__":
    main()
