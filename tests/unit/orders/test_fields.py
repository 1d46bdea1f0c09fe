"""The fields of orders, as AppSync calls them."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.resolvers.conftest import Load, load
from tests.unit.resolvers.events import appsync

__all__ = ["load"]  # the fixture of the other handlers

Ask = Callable[..., Any]


@pytest.fixture
def ask(load: Load) -> Ask:
    module = load("resolvers.fields.orders")
    return lambda *event: module.handler(appsync(*event), None)


def test_the_public_reads_what_each_thing_costs(ask: Ask) -> None:
    prices = ask("Query.priceList", {"currency": "VND"}, None)["data"]
    assert [(each["kind"], each["product"], each["unitPrice"]["minor"], each["pages"]) for each in prices] == [
        ("ALBUM_PDF", None, 129_000, None),
        ("COLLAGE_FILE", None, 49_000, None),
        ("ALBUM_PRINT", "ALBUM_A4_LANDSCAPE", 659_000, 24),
        ("COLLAGE_PRINT", "PRINT_10X10", 399_000, None),
        ("COLLAGE_PRINT", "PRINT_12X16", 529_000, None),
        ("COLLAGE_PRINT", "PRINT_16X24", 789_000, None),
    ]
    assert prices[2]["pricePerTwoPages"] == {"minor": 26_000, "currency": "VND"}
