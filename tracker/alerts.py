"""Alerts on their way: written down before they are sent, forgotten once they are received.

A digest lies in the outbox until its receiver has taken it, through the death of the receiver
and of ourselves. It goes out under one key, whatever the number of tries, so that a receiver
that took it just before we died can tell that it has it.
"""

from __future__ import annotations

import json
import os
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tracker.errors import BadSettings
from tracker.whole import written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

PATIENCE: Final = 30.0
"""Seconds that a receiver may take."""


@dataclass(frozen=True, kw_only=True)
class Receiver:
    """Where digests go: a command that reads one on standard input, an address, or both."""

    command: str | None = None
    webhook: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is no address on the web."""
        if self.webhook and not self.webhook.startswith(("http://", "https://")):
            raise BadSettings(
                f"--webhook: {self.webhook!r} begins with neither http nor https."
            )

    @property
    def ways(self) -> dict[str, Callable[[str, str], str | None]]:
        """Each way there is: it takes a key and a digest, and says why it did not take it."""
        ways: dict[str, Callable[[str, str], str | None]] = {}
        if self.command is not None:
            ways["exec"] = self._run
        if self.webhook is not None:
            ways["webhook"] = self._post
        return ways

    def _run(self, key: str, digest: str) -> str | None:
        if self.command is None:
            return None
        try:
            done = subprocess.run(  # noqa: S603 - the command line that the user gave
                ["/bin/sh", "-c", self.command],
                input=digest,
                text=True,
                timeout=PATIENCE,
                check=False,
                env={**os.environ, "TRACKER_ALERT": key},
            )
        except subprocess.TimeoutExpired:
            return f"the command took longer than {PATIENCE:.0f} seconds"
        return f"the command failed with {done.returncode}" if done.returncode else None

    def _post(self, key: str, digest: str) -> str | None:
        if self.webhook is None:
            return None
        request = urllib.request.Request(  # noqa: S310 - http or https, checked above
            self.webhook,
            data=digest.encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310 - as above
                return None
        except urllib.error.HTTPError as error:
            return f"the webhook answered {error.code}"
        except (urllib.error.URLError, OSError) as error:
            return f"the webhook is out of reach: {getattr(error, 'reason', error)}"


class Outbox:
    """Digests that are still to be taken, oldest first; a file each and way, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(exist_ok=True)

    def put(self, key: str, digest: dict[str, Any], ways: Iterable[str]) -> None:
        """Keep a digest for each way; each is there whole or not at all."""
        for way in sorted(ways):
            with written(self._folder / f"{key}.{way}.json", lasting=True) as file:
                json.dump(digest, file, ensure_ascii=False)

    def waiting(self) -> list[str]:
        """The keys and ways that wait, as `KEY.WAY`, oldest first."""
        return sorted(file.stem for file in self._folder.glob("*.json"))

    def deliver(self, receiver: Receiver) -> str | None:
        """Hand over what waits, in order; a way that does not take one gets no later one.

        Says why something was not taken, None when everything was.
        """
        trouble: dict[str, str] = {}
        for name in self.waiting():
            key, _, way = name.rpartition(".")
            if way not in receiver.ways or way in trouble:
                continue
            file = self._folder / f"{name}.json"
            if why := receiver.ways[way](key, file.read_text("utf-8")):
                trouble[way] = why
            else:
                file.unlink()
        return "; ".join(trouble.values()) or None
