"""Follows announced programmes and forecasts their start and volume; the top floor."""

try:
    from events import VOCABULARY  # noqa: F401 - only our own `events` has it
except ImportError:
    # PyPI's `Events` (opensearch-py brings it) installs a module of the same name, and the
    # one that is installed last wins, silently.
    _STRANGER = (
        "the module `events` that Python finds first is not Tracker's; install"
        " programme-tracker where no other package brings one."
    )
    raise ImportError(_STRANGER) from None
