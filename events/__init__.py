"""What happened: facts about programmes, imprecise dates, and the ledger that keeps them."""

from typing import Final

VOCABULARY: Final = "tracker.events"
"""By which `tracker` tells this package from a stranger of the same name."""
