"""AppSync's own scalars: what each accepts, and what a resolver sees of it."""

import ipaddress
import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLError, GraphQLScalarType, GraphQLSchema, ValueNode
from graphql.utilities import value_from_ast_untyped

from .request import read_json

_OFFSET = r"(Z|[+-]\d{2}:\d{2}(:\d{2})?)"
_DATE = re.compile(rf"(-?\d{{4}}-\d{{2}}-\d{{2}}){_OFFSET}?")
_TIME = re.compile(rf"(\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,9}})?)?){_OFFSET}?")
_DATE_TIME = re.compile(rf"(-?\d{{4}}-\d{{2}}-\d{{2}})T(\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,9}})?)?){_OFFSET}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{2,19}")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a string")
    return value


def _whole(pattern: re.Pattern[str], value: Any) -> re.Match[str]:
    match = pattern.fullmatch(_text(value))
    if match is None:
        raise ValueError("not in the expected form")
    return match


def _clock(text: str) -> None:
    time.fromisoformat(text[:8] if text.count(":") > 1 else text)


def _calendar(text: str) -> None:
    date.fromisoformat(text.removeprefix("-"))


def _aws_date(value: Any) -> str:
    _calendar(_whole(_DATE, value).group(1))
    return value


def _aws_time(value: Any) -> str:
    _clock(_whole(_TIME, value).group(1))
    return value


def _aws_date_time(value: Any) -> str:
    match = _whole(_DATE_TIME, value)
    _calendar(match.group(1))
    _clock(match.group(2))
    return value


def _aws_timestamp(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number of seconds")
    datetime.fromtimestamp(value)  # noqa: DTZ006 - only its range is of interest
    return value


def _aws_email(value: Any) -> str:
    return _whole(_EMAIL, value).group(0)


def _aws_phone(value: Any) -> str:
    return _whole(_PHONE, value).group(0)


def _aws_url(value: Any) -> str:
    parts = urlsplit(_text(value))
    if not parts.scheme or not (parts.netloc or parts.path):
        raise ValueError("no scheme or host")
    return value


def _aws_ip_address(value: Any) -> str:
    ipaddress.ip_interface(_text(value))
    return value


def _parse_json(value: Any) -> Any:
    return read_json(_text(value))


def _write_json(value: Any) -> str:
    """Write what a resolver returned as JSON text; text that is JSON already stays as it is."""
    if isinstance(value, str) and _is_json(value):
        return value
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "AWSDate": _aws_date,
    "AWSTime": _aws_time,
    "AWSDateTime": _aws_date_time,
    "AWSTimestamp": _aws_timestamp,
    "AWSEmail": _aws_email,
    "AWSPhone": _aws_phone,
    "AWSURL": _aws_url,
    "AWSIPAddress": _aws_ip_address,
    "AWSJSON": _parse_json,
}

SCALAR_DEFINITIONS = "\n".join(f"scalar {name}" for name in _CHECKS)


def _checked(name: str, check: Callable[[Any], Any], complaint: str) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        try:
            return check(value)
        except (TypeError, ValueError, OverflowError, OSError) as error:
            raise GraphQLError(f"{complaint} as {name}.") from error

    return run


def _give(scalar: GraphQLScalarType, check: Callable[[Any], Any]) -> None:
    output = _write_json if scalar.name == "AWSJSON" else check
    coerce_input = _checked(scalar.name, check, "Unable to parse the value")
    scalar.coerce_output_value = _checked(scalar.name, output, "Can't serialize value")
    scalar.coerce_input_value = coerce_input

    def literal(node: ValueNode) -> Any:
        return coerce_input(value_from_ast_untyped(node))

    scalar.coerce_input_literal = literal


def install_scalars(schema: GraphQLSchema) -> None:
    """Give the AWS scalars of ``schema`` their behaviour: checked both ways, AWSJSON parsed for resolvers."""
    for name, check in _CHECKS.items():
        scalar = schema.type_map.get(name)
        if isinstance(scalar, GraphQLScalarType):
            _give(scalar, check)
