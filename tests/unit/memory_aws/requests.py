"""botocore looks at each part of a request by its model. A value of DynamoDB that is plainly right is seen at once."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final, cast

import pytest
from botocore.serialize import JSONSerializer
from botocore.validate import ParamValidator


def quicken_requests(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ParamValidator, "_validate", _validating(cast("Any", ParamValidator)._validate))
    patch.setattr(JSONSerializer, "_serialize", _serializing(cast("Any", JSONSerializer)._serialize))


def _validating(validate: Any) -> Any:
    @wraps(validate)
    def run(validator: Any, params: Any, shape: Any, errors: Any, name: str) -> None:
        if not _is_seen_to_be_right(shape, params):
            validate(validator, params, shape, errors, name)

    return run


def _serializing(serialize: Any) -> Any:
    @wraps(serialize)
    def run(serializer: Any, serialized: Any, value: Any, shape: Any, key: Any = None) -> None:
        if _is_seen_to_be_right(shape, value):
            serialized[key] = value
        else:
            serialize(serializer, serialized, value, shape, key)

    return run


def _is_seen_to_be_right(shape: Any, value: Any) -> bool:
    """Say whether a value, a row or what an expression names is plainly what its model asks for."""
    kind = shape.name
    if kind == "AttributeValue":
        return _is_right(value)
    return kind in _ROWS and type(value) is dict and all(map(_is_name, value)) and all(map(_is_right, value.values()))


def _is_right(value: Any) -> bool:
    if type(value) is not dict or len(value) != 1:
        return False
    ((kind, inside),) = value.items()
    right = _RIGHT.get(kind)
    return right is not None and right(inside)


def _is_text(inside: Any) -> bool:
    return isinstance(inside, str)


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and len(name) < _LONG


def _is_bool(inside: Any) -> bool:
    return isinstance(inside, bool)


def _are_texts(inside: Any) -> bool:
    return type(inside) is list and all(map(_is_text, inside))


_LONG: Final = 65_536  # more than an attribute's name may have
_ROWS: Final = {"Key", "PutItemInputAttributeMap", "ExpressionAttributeValueMap"}
_RIGHT: Final[Mapping[str, Callable[[Any], bool]]] = {
    "S": _is_text,
    "N": _is_text,
    "BOOL": _is_bool,
    "NULL": _is_bool,
    "SS": _are_texts,
    "NS": _are_texts,
    "L": lambda inside: type(inside) is list and all(map(_is_right, inside)),
    "M": lambda inside: type(inside) is dict and all(map(_is_text, inside)) and all(map(_is_right, inside.values())),
}
