"""Other machines' processors, for back-tests and replays: a Dask cluster as an executor.

The workers have Tracker installed, in the same version; what they are sent and send back is
pickled, so the cluster is as trusted as the machine itself.
"""

from __future__ import annotations

import logging
import warnings
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass
from socket import create_connection
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from tracker.errors import TrackerError
from tracker.estimator import MODEL, Knowledge, estimate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Executor
    from datetime import date

    from events.facts import Fact
    from events.issued import ForecastIssued
    from forecasts.evidence import Effect

PATIENCE: Final = 10
"""Seconds in which a scheduler answers and has a worker."""


@contextmanager
def on_cluster(address: str) -> Iterator[Executor]:
    """The workers behind a scheduler's address, such as `tcp://10.0.0.5:8786`.

    Raises `TrackerError` where the extra is missing, nobody answers in ten seconds, there is
    no worker, a worker has another Tracker or none, or the cluster is lost on the way.
    """
    try:
        import distributed
    except ImportError as error:
        raise TrackerError(
            "A cluster needs the extra: pip install 'programme-tracker[cluster]'."
        ) from error
    for name in logging.root.manager.loggerDict:
        if name.startswith("distributed"):  # what fails is said once, here
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a package that differs a little, a large task
        with _connected(address) as client:
            try:
                with client.get_executor() as executor:
                    yield executor
            except (CancelledError, distributed.KilledWorker) as error:
                raise TrackerError(
                    f"{address}: the scheduler was lost, or workers died of what they were "
                    "asked, most likely of their memory. Nothing was recorded."
                ) from error


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of a scheduler whose workers all have this Tracker."""
    from distributed import Client

    make: Any = Client  # it has no types
    try:
        _somebody_there(address)
        client = make(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _unanswered(address) from error
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        said = set(client.run(_model, on_error="return").values())
    except (OSError, CancelledError) as error:
        client.close(timeout=1)
        raise _unanswered(address) from error
    try:
        if said != {MODEL}:
            raise TrackerError(
                f"{address}: its workers have another Tracker, or none. "
                "Install the same version on them as here."
            )
        yield client
    finally:
        client.close(timeout=PATIENCE)


def _somebody_there(address: str) -> None:
    """Dask's own attempt leaves threads behind that complain when the program ends.

    Raises `OSError`, `ValueError`.
    """
    parts = urlsplit(address)
    if not parts.hostname or not parts.port:
        raise ValueError(address)
    create_connection((parts.hostname, parts.port), timeout=PATIENCE).close()


def _unanswered(address: str) -> TrackerError:
    return TrackerError(
        f"{address}: no scheduler with a worker answers there. "
        "Is it running, and is this its address, such as tcp://10.0.0.5:8786?"
    )


def _model() -> str:
    """Which models a worker has."""
    return MODEL


@dataclass(frozen=True, kw_only=True)
class Replay:
    """What a worker needs to forecast as of any day: `Knowledge`, as it can be sent."""

    histories: Mapping[str, Sequence[Fact]]
    positions: Mapping[str, int]
    cutoff: int
    judged: dict[str, Effect]
    wanted: tuple[str, ...]

    @classmethod
    def of(cls, knowledge: Knowledge, wanted: Sequence[str]) -> Replay:
        """The same without the cache, which lies on this machine."""
        return cls(
            histories=knowledge.histories,
            positions=knowledge.positions,
            cutoff=knowledge.cutoff,
            judged=dict(knowledge.judged),
            wanted=tuple(wanted),
        )

    def __call__(self, day: date) -> list[ForecastIssued]:
        """The forecasts as of a day, on whichever machine this is."""
        knowledge = Knowledge(
            histories=self.histories,
            positions=self.positions,
            cutoff=self.cutoff,
            judged=MappingProxyType(self.judged),
        )
        return estimate(knowledge, self.wanted, as_of=day)
