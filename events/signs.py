"""Signs that do something to whoever shows them."""

from __future__ import annotations

import re
from typing import Final

CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]"
)
"""What moves a terminal's cursor, colours it, turns text round, or is half of a sign."""


def escaped(text: str) -> str:
    r"""JSON whose strings have such signs, with each as `\u...`: it reads the same."""
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
