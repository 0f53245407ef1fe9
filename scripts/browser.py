"""A real browser and a running server, for the tests of the page and its pictures.

The browser is the system's own Chromium; nothing is downloaded. Imported with nothing but
Python at hand, this can still say whether there is one, and install it where that is allowed.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
)
"""A browser that is left alone asks its maker for news."""
ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
PACKAGES = ["chromium", "fonts-dejavu-core"]
SPARINGLY = ["install", "-y", "-qq", "--no-install-recommends"]


def chromium() -> str | None:
    """The system's browser by one of its names."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or (ON_A_MAC if os.access(ON_A_MAC, os.X_OK) else None)


def install() -> str | None:
    """Install it where one may; a sentence on what to do where one may not."""
    if chromium():
        return None
    if platform.system() == "Darwin":
        return "Install Google Chrome, or: brew install --cask chromium"
    if not shutil.which("apt-get"):
        return "Install Chromium with the system's package manager, under the name chromium."
    asroot = [] if os.geteuid() == 0 else ["sudo", "-n"]
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print("Installing Chromium for the tests of the page ...", file=sys.stderr, flush=True)
    for words in (["update", "-qq"], [*SPARINGLY, *PACKAGES]):
        line = [*asroot, "apt-get", "-o", "DPkg::Lock::Timeout=120", *words]
        try:
            code = subprocess.run(
                line, check=False, env=quiet, stdout=subprocess.DEVNULL
            ).returncode
        except OSError:
            code = 1
        if code and words[0] == "install":
            break
    if chromium():
        return None
    return f"It could not be installed here. Do it yourself: sudo apt-get install {PACKAGES[0]}"


@contextmanager
def browser() -> Iterator[Browser]:
    """The browser, without a window; exits with a sentence where there is none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - not there before set-up

    path = chromium()
    if path is None:
        sys.exit(f"error: there is no browser. {install.__doc__}")
    switches = [*SWITCHES, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as player:
        opened = player.chromium.launch(executable_path=path, args=switches)
        try:
            yield opened
        finally:
            opened.close()


@contextmanager
def served(workspace: Path, *, today: str, words: tuple[str, ...] = ()) -> Iterator[str]:
    """The address of `tracker serve` on a workspace, in a process of its own."""
    line = [sys.executable, "-m", "tracker", "serve", "--port", "0", *words]
    process = subprocess.Popen(
        line,
        cwd=workspace,
        env={**os.environ, "TRACKER_TODAY": today},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    try:
        yield process.stdout.readline().strip()
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(10)
        finally:
            process.kill()
            process.stdout.close()
