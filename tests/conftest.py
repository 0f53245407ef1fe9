"""What every test may rely on."""

import os

import pytest
from hypothesis import settings

settings.register_profile("tracker", deadline=None)  # a busy machine refutes nothing
settings.load_profile("tracker")


@pytest.fixture(autouse=True)
def _no_workspace_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own `TRACKER_...` variables stay out of the tests."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
