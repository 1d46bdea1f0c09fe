"""The dashboard's page."""

from pathlib import Path
from typing import Any, Final

from local.pages import Safe, Templates, frame, join, opened
from local.printer.order import STEPS

Json = dict[str, Any]
fill = Templates(Path(__file__).with_name("pages")).fill
NOTE: Final = "A local stand-in for Prodigi: nothing is printed, nothing is sent"
LABELS: Final = {
    "start": "Start production",
    "ship": "Ship a parcel",
    "complete": "Complete",
    "reject": "Reject",
}
STEP_NAMES: Final = dict(zip(STEPS, ("Files", "Prepared", "Allocated", "Printed", "Shipped"), strict=True))


def dashboard(orders: list[Json], deliveries: list[Json], *, late: bool) -> Safe:
    """Every order, the newest first."""
    cards = [_card(order, _of(order, deliveries), place) for place, order in enumerate(reversed(orders))]
    body = fill(
        "dashboard.html",
        late=sum(order["late"] for order in orders),
        switch="Callbacks wait: send them at once" if late else "Hold callbacks back",
        cards=join(cards) or Safe('<p class="empty">No order yet.</p>'),
    )
    return frame("The printer", NOTE, body, look="dashboard printer")


def _of(order: Json, deliveries: list[Json]) -> list[Json]:
    return [delivery for delivery in deliveries if delivery["ref"] == order["id"]]


def _card(order: Json, deliveries: list[Json], place: int) -> Safe:
    recipient = order["recipient"]
    is_under_way = bool(order["can"] or order["downloading"] or order["late"])
    return fill(
        "card.html",
        open=opened(is_under_way, place),
        id=order["id"],
        stage=order["status"]["stage"],
        state=_state(order),
        reference=order["merchantReference"] or "no reference",
        recipient=f"{recipient['name']}, {recipient['address']['countryCode']}",
        method=order["shippingMethod"],
        steps=join([_step(name, order["status"]["details"][name]) for name in STEPS]),
        items=join([_item(item) for item in order["items"]]),
        issues=join([fill("issue.html", **issue) for issue in order["status"]["issues"]]),
        parcels=join([_parcel(parcel) for parcel in order["shipments"]]),
        buttons=join(_buttons(order, deliveries)),
        deliveries=join([_delivery(delivery) for delivery in deliveries]),
    )


def _state(order: Json) -> str:
    words = [order["status"]["stage"]]
    if order["downloading"]:
        words.append("fetching its files")
    if order["late"]:
        words.append(f"{order['late']} not sent yet")
    return " · ".join(words)


def _step(name: str, stage: str) -> Safe:
    return fill("step.html", name=STEP_NAMES[name], stage=stage)


def _item(item: Json) -> Safe:
    (asset,) = item["assets"]
    pages = f", {asset['pageCount']} pages" if asset["pageCount"] else ""
    return fill("item.html", **item, pages=pages, url=asset["url"])


def _parcel(parcel: Json) -> Safe:
    return fill(
        "parcel.html",
        id=parcel["id"],
        status=parcel["status"],
        carrier=f"{parcel['carrier']['name']} {parcel['carrier']['service']}",
        number=(parcel["tracking"] or {}).get("number", "no number yet"),
    )


def _buttons(order: Json, deliveries: list[Json]) -> list[Safe]:
    """What can be done now; a callback can be sent again once there was one."""
    found = [(action, label) for action, label in LABELS.items() if action in order["can"]]
    if order["late"] or deliveries:
        found.append(("send", "Send the callbacks now" if order["late"] else "Send the callbacks again"))
    return [fill("button.html", id=order["id"], action=action, label=label) for action, label in found]


def _delivery(delivery: Json) -> Safe:
    return fill(
        "delivery.html",
        at=delivery["at"][11:23],
        notice=delivery["notice"],
        attempt=delivery["attempt"],
        mark="ok" if delivery["accepted"] else "no",
        status=delivery["status"] or "no answer",
        answer=delivery["answer"],
    )
