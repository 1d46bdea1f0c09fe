"""What must be so of orders when everything is over: each has its end, and money and goods agree."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from urllib.request import urlopen

from studio.clock import now, parse
from studio.orders.model import OrderStepKind
from tests.stack import books
from tests.stack.books import Row
from tests.stack.client import ENDS, StackClient

_STEPS = [*OrderStepKind]
_SETTLED = {"REFUNDED", "REVIEW"}


@dataclass(frozen=True)
class ShopBooks:
    """All that the tables, the bank, the printer and the bucket know of orders; by ids of ours."""

    orders: Mapping[str, Row]
    payments: Mapping[str, Row]
    prints: Mapping[str, Row]
    jobs: Mapping[str, Row]
    documents: Counter[str]
    at_bank: Mapping[str, Row]
    at_printer: Mapping[str, list[Row]]
    stored: set[str]

    @classmethod
    def read(cls, client: StackClient) -> "ShopBooks":
        def by_id(table: str) -> dict[str, Row]:
            return {row["id"]: row for row in books.rows(client, table)}

        return cls(
            by_id("Orders"),
            {id_: row for id_, row in by_id("Payments").items() if "orderId" in row},
            by_id("PrintOrders"),
            by_id("Jobs"),
            Counter(row["order"] for row in books.rows(client, "OrderDocuments")),
            {each["ref"]: each for each in _get(client, "bankUrl", "_bank/payments")["payments"]},
            _by_reference(_get(client, "printerUrl", "_printer/orders")["orders"]),
            books.stored(client),
        )

    @property
    def customers(self) -> set[str]:
        return {each["customer"] for each in self.orders.values()}

    @property
    def ends(self) -> Counter[str]:
        return Counter(f"{each['status']} {each.get('failure', '')}".strip() for each in self.orders.values())

    @property
    def money(self) -> Counter[str]:
        return Counter(f"{each['status']} {each.get('review', '')}".strip() for each in self.payments.values())

    def broken(self) -> list[str]:
        """Name every promise that does not hold, or not yet."""
        orders = [f"order {id_}: {what}" for id_, each in self.orders.items() for what in self._order(each)]
        return orders + [
            f"payment {id_}: {what}" for id_, each in self.payments.items() for what in self._payment(each)
        ]

    # ---- orders

    def _order(self, order: Row) -> Iterator[str]:
        ended = order["status"] in ENDS
        steps = [step["kind"] for step in order["steps"]]
        versions = [int(event["version"]) for event in order["history"]]
        left = any(
            here["status"] in ENDS and here["status"] != there["status"] for here, there in pairwise(order["history"])
        )
        checks = {
            "not ended": ended or self._may_be_paid(order),
            "its history has gaps": versions == sorted({*versions}) and versions[-1] <= order["version"],
            "left an end": not left,
            "steps out of order": steps == sorted({*steps}, key=_STEPS.index),
            "still on the reconciler's list": ("due" in order) == (not ended),
            "its address is kept": not ended or "address" not in order,
            "copies of its documents are kept": not ended or not self.documents[order["id"]],
            "printed, and not paid": "payment" in order or not (steps or order["renderings"] or order["printed"]),
            "at the printer, or not, against its row": order["printed"] == (order["id"] in self.prints),
            "not one order at the printer": len(self.at_printer.get(order["id"], ())) == self._taken(order),
        }
        yield from (what for what, holds in checks.items() if not holds)
        if order["status"] == "COMPLETED":
            yield from self._goods(order, steps)
        elif ended and "payment" in order and not self._is_settled(self.payments[order["payment"]]):
            yield f"ended {order['failure']}, and its money is {self.payments[order['payment']]['status']}"

    def _may_be_paid(self, order: Row) -> bool:
        return order["status"] == "PENDING" and "payment" not in order and parse(order["payBy"]) > now()

    def _taken(self, order: Row) -> int:
        return int(order["id"] in self.prints and "printerId" in self.prints[order["id"]])

    def _goods(self, order: Row, steps: list[str]) -> Iterator[str]:
        kinds = {item["kind"] for item in order["items"]}
        jobs = [self.jobs.get(id_) for id_ in order["renderings"].values()]
        if not all(job and (job.get("pdf") or {}).get("key") in self.stored for job in jobs) or not jobs:
            yield "completed without its files"
        if "ALBUM_PDF" in kinds and "DELIVERED" not in steps:
            yield "completed and not delivered"
        if "ALBUM_PRINT" in kinds:
            yield from self._parcels(order)
        if self.payments[order["payment"]]["status"] not in {"PAID", "REVIEW"}:
            yield f"completed, and its money is {self.payments[order['payment']]['status']}"

    def _parcels(self, order: Row) -> Iterator[str]:
        for at_printer in self.at_printer.get(order["id"], ()):
            if at_printer["status"]["stage"] != "Complete":
                yield "completed, and not at the printer"
            sent = {each["tracking"]["number"] for each in at_printer["shipments"] if each["tracking"]}
            if sent != {each.get("tracking_number") for each in order["parcels"]}:
                yield "a tracking number is lost"

    # ---- money

    def _payment(self, payment: Row) -> Iterator[str]:
        order, paid, back = self.orders[payment["orderId"]], *self._moved(payment)
        mine = order.get("payment") == payment["id"]
        checks = {
            "more went back than came": back <= paid,
            "kept for nothing": payment["status"] != "PAID" or (mine and order["status"] == "COMPLETED"),
            "the bank has it, and we do not know": not paid or payment["status"] in {"PAID", *_SETTLED},
            "the bank has not got it": paid or payment["status"] not in {"PAID", "REFUNDED"},
            "refunded, and not at the bank": payment["status"] != "REFUNDED" or back == paid,
            "kept, and gone at the bank": payment["status"] != "PAID" or not back,
            "a refund is under way for ever": "refundRequests" not in payment or "due" not in payment,
            "points came of it": not payment["points"],
        }
        yield from (what for what, holds in checks.items() if not holds)

    def _moved(self, payment: Row) -> tuple[int, int]:
        ref = payment.get("session") or payment["id"].replace("-", "")
        shown = self.at_bank.get(ref, {"paid": 0, "refunded": 0})
        return shown["paid"], shown["refunded"]

    def _is_settled(self, payment: Row) -> bool:
        return payment["status"] in _SETTLED


def _by_reference(orders: list[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for order in orders:
        found.setdefault(order["merchantReference"], []).append(order)
    return found


def _get(client: StackClient, name: str, path: str) -> Any:
    with urlopen(f"{client.outputs[name]}/{path}") as answer:
        return json.load(answer)
