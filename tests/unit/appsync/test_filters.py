"""Enhanced filters, operator by operator."""

from typing import Any

import pytest

from local.appsync.errors import FieldError
from local.appsync.filters import arguments_match, check_filter, filter_matches

EVENT = {"size": 5, "name": "grey cat", "tags": ["a", "b"], "on": True, "inner": {"deep": 1}, "none": None}


def one(field: str, operator: str, value: Any) -> dict[str, Any]:
    return {"filterGroup": [{"filters": [{"fieldName": field, "operator": operator, "value": value}]}]}


@pytest.mark.parametrize(
    ("field", "operator", "yes", "no"),
    [
        ("size", "eq", 5, 6),
        ("size", "ne", 6, 5),
        ("size", "lt", 6, 5),
        ("size", "le", 5, 4),
        ("size", "gt", 4, 5),
        ("size", "ge", 5, 6),
        ("size", "in", [4, 5], [4]),
        ("size", "notIn", [4], [4, 5]),
        ("size", "between", [5, 6], [6, 7]),
        ("name", "beginsWith", "grey", "cat"),
        ("name", "contains", "y c", "dog"),
        ("name", "notContains", "dog", "cat"),
        ("name", "gt", "a", "z"),
        ("name", "containsAny", ["dog", "cat"], ["dog"]),
        ("tags", "contains", "a", "c"),
        ("tags", "containsAny", ["c", "b"], ["c"]),
        ("inner.deep", "eq", 1, 2),
        ("on", "eq", True, 1),
        ("none", "eq", None, 0),
        ("missing", "eq", None, 0),
    ],
)
def test_an_operator(field: str, operator: str, yes: Any, no: Any) -> None:
    assert filter_matches(one(field, operator, yes), EVENT)
    assert not filter_matches(one(field, operator, no), EVENT)


@pytest.mark.parametrize("operator", ["lt", "le", "gt", "ge"])
@pytest.mark.parametrize("value", ["5", None])
def test_what_has_no_order_does_not_match(operator: str, value: Any) -> None:
    assert not filter_matches(one("size", operator, value), EVENT)
    assert not filter_matches(one("none", operator, 1), EVENT)


def test_all_filters_of_any_group() -> None:
    size, name = (
        one("size", "eq", 5)["filterGroup"][0]["filters"][0],
        one("name", "eq", "x")["filterGroup"][0]["filters"][0],
    )
    assert not filter_matches({"filterGroup": [{"filters": [size, name]}]}, EVENT)
    assert filter_matches({"filterGroup": [{"filters": [name]}, {"filters": [size]}]}, EVENT)


@pytest.mark.parametrize("wrong", [{}, {"filterGroup": 1}, {"filterGroup": [{}]}, one("size", "like", 1)])
def test_a_filter_that_is_none(wrong: Any) -> None:
    with pytest.raises(FieldError):
        check_filter(wrong)


@pytest.mark.parametrize(
    ("arguments", "matches"),
    [
        ({}, True),
        ({"size": 5}, True),
        ({"size": "5"}, False),
        ({"on": 1}, False),
        ({"none": None}, True),
        ({"x": 1}, False),
    ],
)
def test_arguments(arguments: dict[str, Any], *, matches: bool) -> None:
    assert arguments_match(arguments, EVENT) is matches
    assert arguments_match(arguments, None) is (arguments in ({}, {"none": None}))
