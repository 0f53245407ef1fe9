"""Text stays text and numbers are read here: commands whose plain parameters need no validator.

Typer builds a Pydantic adapter for every parameter, which costs more than everything else a
short command does (65 ms of import). Words, switches and numbers need none; other types keep
theirs.
"""

from __future__ import annotations

import math
import re
from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from typer._click.exceptions import BadParameter, MissingParameter
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, Parameter

PLAIN: Final = (str, str | None, list[str], list[str] | None, bool)
WHOLE: Final = (int, int | None)
NUMBERS: Final = (*WHOLE, float, float | None)
GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
"""A number in threes, as the tables write it."""

SAID: Final = 60
"""Characters of a wrong word that are repeated."""


class PlainCommand(TyperCommand):
    """A command that takes words as they are typed."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The parameters, those that Typer adds late included, relieved."""
        return _relieved(super().get_params(ctx))


class PlainGroup(TyperGroup):
    """The same for the options in front of a command."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """The parameters, those that Typer adds late included, relieved."""
        return _relieved(super().get_params(ctx))


def _relieved(parameters: list[Parameter]) -> list[Parameter]:
    for parameter in parameters:
        descriptor = getattr(parameter, "type_descriptor", None)
        if descriptor is not None:
            kind = descriptor.annotation
            way = _as_typed if kind in PLAIN else _as_number if kind in NUMBERS else _in_words
            parameter.process_value = MethodType(way, parameter)  # type: ignore[method-assign] # one instance, for the reason above
    return parameters


def _in_words(parameter: Any, context: Context, value: Any) -> Any:  # noqa: ANN401 - any parameter and its words
    """What `process_value` does, its refusal without the converter's own words."""
    try:
        return type(parameter).process_value(parameter, context, value)
    except BadParameter as error:
        error.message = error.message.removeprefix("Value error, ")
        raise


def _as_number(parameter: Any, context: Context, value: Any) -> Any:  # noqa: ANN401 - any parameter and its words
    """The number that is typed, also with separators, within the parameter's bounds."""
    if isinstance(value, str):
        whole = parameter.type_descriptor.annotation in WHOLE
        number = _number(value, whole=whole)
        if number is None:
            mend = "whole number. Write it as 5000 or 5,000" if whole else "number"
            raise BadParameter(f"{value[:SAID]!r} is no {mend}.", context, parameter)
        if parameter.min is not None and number < parameter.min:
            raise BadParameter(f"{value} is less than {parameter.min}.", context, parameter)
        if parameter.max is not None and number > parameter.max:
            raise BadParameter(f"{value} is more than {parameter.max}.", context, parameter)
        value = number
    return _as_typed(parameter, context, value)


def _as_typed(parameter: Any, context: Context, value: Any) -> Any:  # noqa: ANN401 - any parameter and its words
    """What `process_value` does, without a conversion."""
    if value is None and (parameter.multiple or parameter.nargs == -1):
        value = ()
    if isinstance(value, list | tuple):
        value = list(value) or None
    if parameter.required and parameter.value_is_missing(value):
        raise MissingParameter(ctx=context, param=parameter)
    if parameter.callback is not None:
        value = parameter.callback(context, parameter, value)
    return value


def _number(text: str, *, whole: bool) -> float | None:
    """The number that a text is, and None for what is none or beyond any use."""
    plain = text.replace(",", "") if GROUPED.fullmatch(text) else text
    try:
        number = int(plain) if whole else float(plain)
        return number if math.isfinite(number) else None
    except (ValueError, OverflowError):
        return None
