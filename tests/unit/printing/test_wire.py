"""What Prodigi is sent and what is read of its answers, by the examples of its documentation."""

from typing import Any

import pytest

from studio.printing.cost import Cost
from studio.printing.model import Issue, IssueKind, ParcelStatus, PrintOrder, PrintStatus, Stage, Step
from studio.printing.prodigi import orders
from studio.printing.products import PRODUCTS
from studio.printing.protocol import AnswerNotUnderstoodError
from studio.printing.request import PrintAction, QuoteItem, ShippingMethod
from tests.unit.printing.wire import (
    BOOK,
    CHARGE,
    ISSUES,
    ORDER,
    QUOTED,
    SHIPMENT,
    answering,
    documented,
    placed,
)


def test_the_documented_order_is_read() -> None:
    read = orders.read(documented())
    assert read == PrintOrder(
        id="ord_840796",
        reference="MyMerchantReference1",
        status=PrintStatus.IN_PROGRESS,
        updated_at="2021-03-11T14:31:23.493Z",
    )
    assert not read.in_production
    assert not read.is_over


def test_parcels_and_charges_are_read() -> None:
    other = SHIPMENT | {"id": "shp_456457", "status": "Processing", "tracking": None, "dispatchDate": None}
    read = orders.read(documented(shipments=[SHIPMENT, other], charges=[CHARGE]))
    one, two = read.parcels
    assert (one.id, one.status, one.dispatched_at) == ("shp_456456", ParcelStatus.SHIPPED, "2026-08-13T15:45:06.500Z")
    assert one.label is not None
    assert (one.label.carrier, one.label.service) == ("DPD NL", "Standard")
    assert (one.label.number, one.label.url) == ("PH000000000GB", "https://track.example/PH000000000GB")
    assert two.status == ParcelStatus.PROCESSING
    assert two.label is not None
    assert two.label.number is None
    assert read.shipped == (one,)
    assert [(charge.kind, charge.total) for charge in read.charges] == [("Item", Cost(1234, "GBP"))]


def test_issues_are_read_without_their_sentences() -> None:
    read = orders.read(documented(status__issues=ISSUES))
    assert read.issues == (
        Issue(IssueKind.DOWNLOAD_RETRIED, "items.assets.NotDownloaded", "ori_12345"),
        Issue(IssueKind.PAYMENT_NEEDED, "RequiresPaymentAuthorisation", "ord_829398"),
    )
    assert read.is_stuck
    assert "195.02" not in repr(read)


@pytest.mark.parametrize(
    ("code", "kind", "stuck"),
    [
        ("order.items.assets.NotDownloaded", IssueKind.DOWNLOAD_RETRIED, False),
        ("order.items.assets.FailedToDownloaded", IssueKind.DOWNLOAD_FAILED, True),
        ("order.items.ItemUnavailable", IssueKind.ITEM_UNAVAILABLE, True),
        ("order.new.Trouble", IssueKind.OTHER, True),
    ],
)
def test_each_issue_by_its_code(code: str, kind: IssueKind, stuck: bool) -> None:
    read = orders.read(documented(status__issues=[{"objectId": "ori_1", "errorCode": code}]))
    assert [issue.kind for issue in read.issues] == [kind]
    assert read.is_stuck is stuck


def test_an_item_whose_file_failed_is_an_issue() -> None:
    read = orders.read(documented(items=[{"id": "ori_9", "status": "Invalid"}]))
    assert read.issues == (Issue(IssueKind.DOWNLOAD_FAILED, "Invalid", "ori_9"),)


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Draft", PrintStatus.DRAFT),
        ("AwaitingPayment", PrintStatus.DRAFT),
        ("OnHold", PrintStatus.DRAFT),
        ("inProgress", PrintStatus.IN_PROGRESS),
        ("Complete", PrintStatus.COMPLETE),
        ("Cancelled", PrintStatus.CANCELED),
    ],
)
def test_each_stage(stage: str, status: PrintStatus) -> None:
    assert orders.read(documented(status__stage=stage)).status == status


def test_steps_are_read_in_both_spellings() -> None:
    details = {"downloadAssets": "Completed", "inProduction": "Complete", "shipping": "Error"}
    read = orders.read(documented(status__details=details))
    assert read.steps == {
        Step.DOWNLOAD: Stage.COMPLETE,
        Step.ALLOCATE: Stage.NOT_STARTED,
        Step.PREPARE: Stage.NOT_STARTED,
        Step.PRODUCE: Stage.COMPLETE,
        Step.SHIP: Stage.ERROR,
    }
    assert read.in_production


@pytest.mark.parametrize("details", [None, {}])
def test_an_order_on_hold_shows_no_steps(details: Any) -> None:
    assert set(orders.read(documented(status__details=details)).steps.values()) == {Stage.NOT_STARTED}


@pytest.mark.parametrize(
    ("shipment", "status"),
    [
        ({"id": "shp_1", "dispatchDate": "2026-08-13T15:45:06Z"}, ParcelStatus.SHIPPED),
        ({"id": "shp_1", "dispatchDate": None}, ParcelStatus.PROCESSING),
        ({"id": "shp_1", "cancelled": True, "dispatchDate": "2026-08-13T15:45:06Z"}, ParcelStatus.CANCELED),
        ({"id": "shp_1", "status": "Cancelled"}, ParcelStatus.CANCELED),
    ],
)
def test_a_parcel_without_a_status_has_what_its_parts_say(shipment: Any, status: ParcelStatus) -> None:
    (parcel,) = orders.read(documented(shipments=[shipment])).parcels
    assert parcel.status == status
    assert parcel.label is None


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a/b", "https://a b", 7, "https://" + "a" * 2000])
def test_a_tracking_address_that_nobody_should_follow_is_left_out(url: Any) -> None:
    shipment = SHIPMENT | {"tracking": {"number": "N1", "url": url}}
    (parcel,) = orders.read(documented(shipments=[shipment])).parcels
    assert parcel.label is not None
    assert (parcel.label.number, parcel.label.url) == ("N1", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "ord_1/../../products"},
        {"id": 840796},
        {"id": "ord_" + "1" * 40},
        {"status": None},
        {"status": "InProgress"},
        {"status__stage": "Vanished"},
        {"status__stage": 3},
        {"status__details": {"shipping": "Perhaps"}},
        {"status__details": []},
        {"status__issues": [{"objectId": "ori_1"}]},
        {"status__issues": ["NotDownloaded"]},
        {"lastUpdated": "yesterday"},
        {"lastUpdated": "2021-13-11T14:31:23Z"},
        {"lastUpdated": 1},
        {"lastUpdated": "0001-01-01T00:00:00+14:00"},
        {"merchantReference": "a\nb"},
        {"merchantReference": {"a": 1}},
        {"shipments": [{"id": "shp_1", "status": "Shipped", "tracking": {"number": "\x1b[31m"}}]},
        {"shipments": [{"id": "shp_1", "status": "Lost"}]},
        {"shipments": [{"status": "Shipped"}]},
        {"shipments": {"id": "shp_1"}},
        {"shipments": [{"id": "shp_1"}] * 201},
        {"charges": [{"id": "chg_1", "totalCost": {"amount": 12.34, "currency": "GBP"}}]},
        {"charges": [{"id": "chg_1", "totalCost": {"amount": "12.345", "currency": "GBP"}}]},
        {"charges": [{"id": "chg_1", "totalCost": {"amount": "1e9", "currency": "GBP"}}]},
        {"charges": [{"id": "chg_1", "totalCost": {"amount": "NaN", "currency": "GBP"}}]},
        {"charges": [{"id": "chg_1", "totalCost": {"amount": "1.00", "currency": "gold"}}]},
        {"charges": [{"id": "chg_1"}]},
        {"items": [{"status": ["Invalid"]}]},
    ],
)
def test_what_is_not_as_documented_is_not_believed(changes: dict[str, Any]) -> None:
    with pytest.raises(AnswerNotUnderstoodError):
        orders.read(documented(**changes))


def test_a_quote_for_each_method_that_we_know() -> None:
    shop = answering(QUOTED)
    budget, standard = shop.prodigi.quote([BOOK, QuoteItem(product=PRODUCTS["PRINT_10X10"], copies=1)], "GB", "GBP")
    assert (budget.method, budget.goods, budget.shipping) == (
        ShippingMethod.BUDGET,
        Cost(7935, "GBP"),
        Cost(1946, "GBP"),
    )
    assert (budget.tax, budget.total, budget.parcels) == (Cost(110, "GBP"), Cost(9991, "GBP"), 2)
    assert (standard.method, standard.tax) == (ShippingMethod.STANDARD, Cost(0, "GBP"))
    (asked,) = shop.http.asked
    assert (asked.method, asked.path) == ("POST", "/quotes")
    assert asked.body == {
        "destinationCountryCode": "GB",
        "currencyCode": "GBP",
        "items": [
            {
                "sku": "BOOK-FE-A4-L-HARD-G",
                "copies": 2,
                "attributes": {},
                "assets": [{"printArea": "default", "pageCount": 24}],
            },
            {"sku": "GLOBAL-FAP-10X10", "copies": 1, "attributes": {}, "assets": [{"printArea": "default"}]},
        ],
    }


@pytest.mark.parametrize(
    "summary",
    [
        {"items": {"amount": "1.00", "currency": "USD"}, "shipping": {"amount": "1.00", "currency": "GBP"}},
        {"items": {"amount": "-1.00", "currency": "GBP"}, "shipping": {"amount": "1.00", "currency": "GBP"}},
        {"items": {"amount": "1.00", "currency": "GBP"}},
        {"shipping": {"amount": "1.00", "currency": "GBP"}, "items": {"amount": "free", "currency": "GBP"}},
        None,
    ],
)
def test_a_quote_of_other_money_is_not_believed(summary: Any) -> None:
    quote = {"shipmentMethod": "Budget", "costSummary": summary, "shipments": []}
    with pytest.raises(AnswerNotUnderstoodError):
        answering({"outcome": "Created", "quotes": [quote]}).prodigi.quote([BOOK], "GB", "GBP")


def test_an_order_as_it_is_sent() -> None:
    shop = answering({"outcome": "Created", "order": placed()})
    assert shop.prodigi.submit(ORDER) == "ord_1"
    (asked,) = shop.http.asked
    assert (asked.method, asked.path, asked.headers["X-API-Key"]) == ("POST", "/orders", "a-key")
    assert asked.body == {
        "idempotencyKey": "5b1f",
        "merchantReference": "order-1",
        "shippingMethod": "Standard",
        "callbackUrl": "https://studio.example/printer/callback",
        "recipient": {
            "name": "Nguyễn Thị Lan",
            "phoneNumber": "+84900000000",
            "address": {
                "line1": "12 Lý Tự Trọng",
                "postalOrZipCode": "100000",
                "countryCode": "VN",
                "townOrCity": "Hà Nội",
            },
        },
        "items": [
            {
                "merchantReference": "item-1",
                "sku": "BOOK-FE-A4-L-HARD-G",
                "copies": 2,
                "sizing": "fillPrintArea",
                "recipientCost": {"amount": "99.00", "currency": "SGD"},
                "attributes": {},
                "assets": [
                    {
                        "printArea": "default",
                        "pageCount": 24,
                        "url": "https://files.example/album.pdf?X-Signature=s",
                        "md5Hash": "0cc175b9c0f1b6a831c399e269772661",
                    }
                ],
            }
        ],
    }


def test_nothing_that_is_sent_is_shown() -> None:
    shown = repr(ORDER)
    assert not [secret for secret in ("Lan", "Trọng", "100000", "Hà", "8490", "Signature") if secret in shown]


def test_actions() -> None:
    # https://www.prodigi.com/print-api/docs/reference/#get-actions
    actions = {name: {"isAvailable": "Yes"} for name in ("cancel", "changeRecipientDetails", "changeMetaData")}
    shop = answering({"outcome": "Ok", **actions, "changeShippingMethod": {"isAvailable": "No"}})
    assert shop.prodigi.actions("ord_1") == {PrintAction.CANCEL, PrintAction.CHANGE_RECIPIENT}
    assert shop.http.asked[0].path == "/orders/ord_1/actions"


@pytest.mark.parametrize("available", ["Maybe", True, None, {}])
def test_an_action_is_available_only_if_prodigi_says_yes(available: Any) -> None:
    shop = answering({"outcome": "Ok", "cancel": {"isAvailable": available}})
    assert shop.prodigi.actions("ord_1") == frozenset()
