"""Results that are worth keeping: the fields and styles of a mailbox say the same few things again and again."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

_Result = TypeVar("_Result")
_Rest = ParamSpec("_Rest")
_Function = Callable[Concatenate[str, _Rest], _Result]


def remembered(most: int, longest: int) -> Callable[[_Function[_Rest, _Result]], _Function[_Rest, _Result]]:
    """Keep the results of a pure function of a text, which nobody may change.

    Args:
        most: how many results are kept.
        longest: characters of a text whose result is kept, so that hostile ones cannot fill the memory.
    """

    def decorate(function: _Function[_Rest, _Result]) -> _Function[_Rest, _Result]:
        kept = lru_cache(most)(function)

        @wraps(function)
        def call(text: str, /, *args: _Rest.args, **kwargs: _Rest.kwargs) -> _Result:
            known: Callable[..., _Result] = kept if len(text) <= longest else function
            return known(text, *args, **kwargs)

        return call

    return decorate
