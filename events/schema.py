"""The JSON Schema of a journal line, made from the types that validate an import."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from events import facts

OPTIONAL: Final = ("id", "known_on")
"""What a line may leave out although every fact has it."""


def schema() -> dict[str, Any]:
    """The JSON Schema of a line (2020-12), made from the same types that validate imports."""
    (line,), components = msgspec.json.schema_components(
        [facts.Fact], ref_template="#/$defs/{name}"
    )
    for name, component in components.items():
        if name in {cls.__name__ for cls in facts.TYPES.values()}:
            component["required"] = [
                key for key in component["required"] if key not in OPTIONAL
            ]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a Tracker journal",
        **_portable(line),
        "$defs": _portable(components),
    }


def _portable(part: Any) -> Any:  # noqa: ANN401 - any JSON
    r"""Patterns as every dialect reads them: `\Z` is Python's alone."""
    if isinstance(part, dict):
        return {
            key: value.replace(r"\Z", "$") if key == "pattern" else _portable(value)
            for key, value in part.items()
        }
    return [_portable(item) for item in part] if isinstance(part, list) else part
