"""DynamoDB's conditions of rows as they are on the wire, each text taken apart once.

What is not understood here is `Beyond` it, and moto's to answer or to refuse.
"""

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, Final

from moto.dynamodb.comparisons import AttributePath, ConditionExpressionParser, Func, Op

Row = Mapping[str, Any]
Values = Mapping[str, Any]
Condition = Callable[[Row, Values], Any]


class Beyond(Exception):  # noqa: N818 - it is no error
    """Moto is to answer."""


class _Named:
    """A value that each call gives anew."""

    def __init__(self, name: str) -> None:
        self.name = name

    def get_type(self, _item: Any) -> None:
        return None


class _Parser(ConditionExpressionParser):
    def _make_operand(self, node: Any) -> Any:
        if node.kind == self.Kind.EXPRESSION_ATTRIBUTE_VALUE:
            return _Named(node.text)
        return super()._make_operand(node)


class _AnyValue(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return {"S": name}


def condition(text: str, names: Mapping[str, str], values: Values) -> Condition:
    """Return whether a row meets a condition that uses all names and values, and no others."""
    return whole(parsed(text, frozen(names)), names, values)


def frozen(names: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    return frozenset(names.items())


def whole(found: Any, names: Mapping[str, str], values: Values) -> Any:
    if not found or found[1] != names.keys() or found[2] != values.keys():
        raise Beyond
    return found[0]


@cache
def parsed(text: str, names: frozenset[tuple[str, str]]) -> Any:
    parser = _Parser(text, dict(names), _AnyValue())
    try:
        made = _compiled(parser.parse())
    except Exception:  # noqa: BLE001 - moto says what is wrong with it
        return None
    return made, set(parser.expr_attr_names_found), set(parser.expr_attr_values_found)


_COMPARED: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compiled(op: Op | Func) -> Condition:
    made: Any = op
    kind = getattr(op, "OP", None) or made.FUNC
    if kind in _COMPARED:
        return _comparison(_COMPARED[kind], _cast_operand(made.lhs), _cast_operand(made.rhs))
    return _logic(kind, made) if kind in {"AND", "OR", "NOT"} else _function(kind, made)


def _logic(kind: str, made: Any) -> Condition:
    left = _compiled(made.lhs)
    if kind == "NOT":
        return lambda row, values: not left(row, values)
    right = _compiled(made.rhs)
    if kind == "AND":
        return lambda row, values: left(row, values) and right(row, values)
    return lambda row, values: left(row, values) or right(row, values)


def _function(kind: str, made: Any) -> Condition:
    if kind == "BETWEEN":
        return _applied(_between, *(_cast_operand(each) for each in (made.attr, made.start, made.end)))
    if kind == "IN":
        return _applied(_in, *(_cast_operand(each) for each in (made.attr, *made.possible_values)))
    return _applied(_FUNCTIONS[kind], *map(_operand, made.arguments))


def _applied(function: Callable[..., Any], *operands: Condition) -> Condition:
    return lambda row, values: function(*(operand(row, values) for operand in operands))


def _comparison(compare: Callable[[Any, Any], Any], left: Condition, right: Condition) -> Condition:
    ordered = compare not in (operator.eq, operator.ne)

    def compared(row: Row, values: Values) -> Any:
        one, other = left(row, values), right(row, values)
        return (one is not None and other is not None and compare(one, other)) if ordered else compare(one, other)

    return compared


def _operand(made: Any) -> Condition:
    """Return how a value is found in DynamoDB's notation; None where there is none."""
    if isinstance(made, _Named):
        name = made.name
        return lambda _row, values: values[name]
    if not isinstance(made, AttributePath):
        raise Beyond
    first, *others = made.path
    if not others:
        return lambda row, _values: row.get(first)
    return lambda row, _values: _inside(row.get(first), others)


def _inside(value: Any, path: list[Any]) -> Any:
    for part in path:
        try:
            value = value["M" if isinstance(part, str) else "L"][part]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _cast_operand(made: Any) -> Condition:
    if getattr(made, "FUNC", None) == "size":
        found = _operand(made.attr)
        return lambda row, values: _size(found(row, values))
    found = _operand(made)
    return lambda row, values: _cast(found(row, values))


def _size(value: Any) -> int:
    if type_of(value) not in {"S", "SS", "NS", "L", "M"}:
        raise Beyond
    return len(_cast(value))


def type_of(value: Any) -> str | None:
    return None if value is None else next(iter(value))


def _cast(value: Any) -> Any:
    if value is None:
        return None
    ((kind, inside),) = value.items()
    if kind not in _CASTS:
        raise Beyond
    return _CASTS[kind](inside)


_CASTS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "S": lambda inside: inside,
    "BOOL": lambda inside: inside,
    "N": Decimal,
    "SS": set,
    "NS": lambda inside: set(map(Decimal, inside)),
    "L": lambda inside: [_cast(each) for each in inside],
    "M": lambda inside: {name: _cast(each) for name, each in inside.items()},
    "NULL": lambda _inside: None,
}


def _contains(value: Any, sought: Any) -> bool:
    if type_of(value) not in {"S", "SS", "NS", "L"}:
        return False
    try:
        return _cast(sought) in _cast(value)
    except TypeError:
        return False


def _begins(value: Any, start: Any) -> bool:
    return type_of(value) == type_of(start) == "S" and value["S"].startswith(start["S"])


def _between(value: Any, low: Any, high: Any) -> bool:
    return value is not None and low <= value <= high


def _in(value: Any, *some: Any) -> bool:
    return value in some


_FUNCTIONS: Final[Mapping[str, Callable[..., Any]]] = {
    "attribute_exists": lambda value: value is not None,
    "attribute_type": lambda value, kind: type_of(value) == _cast(kind),
    "contains": _contains,
    "begins_with": _begins,
}


def meets(met: Condition, row: Row | None, values: Values) -> bool:
    """Say whether a row, or that there is none, meets a condition."""
    try:
        return bool(met(row or {}, values))
    except (TypeError, InvalidOperation):
        raise Beyond from None
