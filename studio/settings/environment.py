"""Reading configuration: typed, once at start. A missing or bad value stops the function and names the variable."""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


class SettingError(RuntimeError):
    """An environment variable is missing or cannot be read as its type."""


def _mapping(text: str) -> dict[str, str]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise TypeError("not a JSON object")
    return value


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return text == "true"


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: _flag,
    dict[str, str]: _mapping,
}


def read_settings(record: type[T], environment: Mapping[str, str] = os.environ) -> T:
    """Fill a record from the environment: what is annotated as `jobs_table` is read from `JOBS_TABLE`.

    The records, in the modules beside this one, are plain classes: dataclasses would cost every cold start more.

    Raises
    ------
    SettingError
        A variable is missing or is not of the field's type (str, int, float, bool or a JSON object of strings).
    """
    settings = record()
    for name, kind in get_type_hints(record).items():
        setattr(settings, name, _one(name.upper(), kind, environment))
    return settings


def function_megabytes(environment: Mapping[str, str] = os.environ) -> int:
    """Return how large this function is, as Lambda says; anywhere else as large as a worker."""
    return int(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"))


def _one(name: str, kind: Any, environment: Mapping[str, str]) -> Any:
    if name not in environment:
        raise SettingError(f"{name} is not set")
    try:
        return _READERS[kind](environment[name])
    except (ValueError, TypeError) as error:
        raise SettingError(f"{name} is not a {getattr(kind, '__name__', kind)}") from error
