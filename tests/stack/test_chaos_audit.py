"""The audit of a chaos run's orders finds what is wrong with any of them. It needs no stack."""

from collections import Counter
from copy import deepcopy
from typing import Any

import pytest

from tests.chaos.order_audit import ShopBooks

STEPS = ["PAID", "RENDERED", "DELIVERED", "SUBMITTED", "IN_PRODUCTION", "SHIPPED"]
ORDER: dict[str, Any] = {
    "id": "o1",
    "status": "COMPLETED",
    "version": 3,
    "history": [
        {"version": 1, "status": "PENDING"},
        {"version": 2, "status": "PROCESSING"},
        {"version": 3, "status": "COMPLETED"},
    ],
    "steps": [{"kind": kind} for kind in STEPS],
    "items": [{"kind": "ALBUM_PDF"}, {"kind": "ALBUM_PRINT"}],
    "renderings": {"a1": "j1"},
    "parcels": [{"tracking_number": "T1"}, {"tracking_number": "T2"}],
    "payment": "p-1",
    "payBy": "2026-01-01T00:00:00.000Z",
    "printed": True,
}
BOOKS: dict[str, Any] = {
    "orders": ORDER,
    "payments": {"id": "p-1", "orderId": "o1", "status": "PAID", "points": 0},
    "prints": {"id": "o1", "printerId": "ord_1"},
    "jobs": {"id": "j1", "pdf": {"key": "k1"}},
    "at_bank": {"id": "p1", "paid": 5, "refunded": 0},
    "at_printer": {
        "id": "o1",
        "status": {"stage": "Complete"},
        "shipments": [{"tracking": {"number": "T1"}}, {"tracking": {"number": "T2"}}],
    },
}
# What is otherwise, where, and what is said of it.
WRONG: dict[str, tuple[str, dict[str, Any]]] = {
    "not ended": ("orders", {"status": "PROCESSING", "due": 1}),
    "its history has gaps": ("orders", {"history": ORDER["history"][::-1]}),
    "steps out of order": ("orders", {"steps": ORDER["steps"][::-1]}),
    "still on the reconciler's list": ("orders", {"due": 1}),
    "its address is kept": ("orders", {"address": {}}),
    "at the printer, or not, against its row": ("orders", {"printed": False}),
    "completed without its files": ("orders", {"renderings": {"a1": "another"}}),
    "completed and not delivered": ("orders", {"steps": [{"kind": "PAID"}]}),
    "a tracking number is lost": ("orders", {"parcels": [{"tracking_number": "T1"}]}),
    "ended PRINTER_CANCELED, and its money is PAID": ("orders", {"status": "FAILED", "failure": "PRINTER_CANCELED"}),
    "kept for nothing": ("orders", {"payment": "p-2"}),
    "completed, and its money is REFUNDED": ("payments", {"status": "REFUNDED"}),
    "refunded, and not at the bank": ("payments", {"status": "REFUNDED"}),
    "the bank has it, and we do not know": ("payments", {"status": "EXPIRED"}),
    "a refund is under way for ever": ("payments", {"refundRequests": {}, "due": 1}),
    "points came of it": ("payments", {"points": 5}),
    "more went back than came": ("at_bank", {"refunded": 6}),
    "kept, and gone at the bank": ("at_bank", {"refunded": 5}),
    "the bank has not got it": ("at_bank", {"paid": 0}),
    "completed, and not at the printer": ("at_printer", {"status": {"stage": "InProgress"}}),
    "not one order at the printer": ("at_printer", {"id": "another"}),
}


def audited(changes: dict[str, dict[str, Any]]) -> list[str]:
    rows = {name: deepcopy(row) | changes.get(name, {}) for name, row in BOOKS.items()}
    by_id: dict[str, Any] = {name: {row["id"]: row} for name, row in rows.items()}
    by_id["payments"]["p-2"] = rows["payments"] | {"id": "p-2", "status": "EXPIRED"}
    by_id["at_printer"] = {id_: [row] for id_, row in by_id["at_printer"].items()}
    return ShopBooks(**by_id, documents=Counter(), stored={"k1"}).broken()


def test_an_order_that_is_as_it_has_to_be() -> None:
    assert audited({}) == []


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_found(wrong: str) -> None:
    table, change = WRONG[wrong]
    assert wrong in {each.partition(": ")[2] for each in audited({table: change})}
