"""Abstentions: a forecast that would be a guess is refused with its reason."""

from __future__ import annotations


class ForecastError(Exception):
    """The one family of this package; `tracker.cli` turns it into an exit code."""


class TooLittleHistory(ForecastError):
    """What is known that day is not enough to learn from."""
