"""Callbacks: whoever sends one, it only says which order to ask for."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.printing.prodigi.callback import order_of
from tests.unit.printing.wire import EVENT


def test_the_documented_callback_names_its_order() -> None:
    assert order_of(json.dumps(EVENT).encode()) == "ord_1469466"


def test_the_shorter_payload_of_the_documentation_does_as_well() -> None:
    data = {"id": "ord_1469466", "created": "2020-08-14T11:50:54.557Z", "status": {"stage": "InProgress"}}
    assert order_of(json.dumps(EVENT | {"data": data}).encode()) == "ord_1469466"


@pytest.mark.parametrize("kind", ["status.stage.changed#Draft", "shipments.shipment#Complete", "something.new#1"])
def test_whatever_changed_the_order_is_asked_for(kind: str) -> None:
    assert order_of(json.dumps(EVENT | {"type": f"com.prodigi.order.{kind}"}).encode()) == "ord_1469466"


@pytest.mark.parametrize(
    "changes",
    [
        {"specversion": "0.3"},
        {"specversion": None},
        {"type": "com.other.order.paid"},
        {"type": ["com.prodigi.order."]},
        {"subject": "ord_1"},
        {"subject": None},
        {"subject": "1469466"},
        {"subject": "ord_1469466/actions/cancel"},
        {"data": None},
        {"data": []},
        {"data": {"order": "ord_1469466"}},
        {"data": {"order": {}}},
        {"data": {"order": {"id": "ord_1"}}},
        {"data": {"order": None, "id": "ord_1469466"}},
    ],
)
def test_what_is_no_callback_of_an_order_names_none(changes: dict[str, Any]) -> None:
    assert order_of(json.dumps(EVENT | changes).encode()) is None


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b" " * 300_000])
def test_what_is_no_event_names_no_order(body: bytes) -> None:
    assert order_of(body) is None


def test_an_event_that_is_too_large_is_not_read() -> None:
    assert order_of(json.dumps(EVENT | {"filler": "x" * 300_000}).encode()) is None


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda each: json.dumps({"subject": each}).encode()))
def test_nothing_that_is_sent_does_harm(body: bytes) -> None:
    assert order_of(body) is None
