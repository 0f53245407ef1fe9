"""Text stays text: commands whose plain parameters need no validator.

Typer builds a Pydantic adapter for every parameter, which costs more than everything else a
short command does (65 ms of import). Words and switches need none; other types keep theirs.
"""

from __future__ import annotations

from types import MethodType
from typing import TYPE_CHECKING, Any, Final

from typer._click.exceptions import MissingParameter
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, Parameter

PLAIN: Final = (str, str | None, list[str], list[str] | None, bool)


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
        if descriptor is not None and descriptor.annotation in PLAIN:
            parameter.process_value = MethodType(_as_typed, parameter)  # type: ignore[method-assign] # one instance, for the reason above
    return parameters


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
