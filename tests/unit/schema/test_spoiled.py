"""Whatever an attribute of a row holds, the row is refused when it is read, or an answer can be given of it."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import pytest
from graphql import DocumentNode, execute_sync, parse
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.shapes import albums as album_shapes
from resolvers.shapes import jobs as job_shapes
from resolvers.shapes import media as upload_shapes
from resolvers.shapes import orders as order_shapes
from resolvers.shapes import payments as payment_shapes
from resolvers.shapes import people as people_shapes
from resolvers.shapes import rates as rate_shapes
from resolvers.shapes.albums import Files
from studio.albums.find import DocumentView
from studio.albums.item import document_from_item, document_to_item, photo_from_item, photo_to_item
from studio.albums.model import Document, Photo, Placed, Rendering
from studio.audit.item import record_from_item, record_to_item
from studio.audit.model import Act, AuditRecord
from studio.catalogue.data import CATALOGUE
from studio.documents.item import spec_to_item
from studio.documents.spec import DocumentKind, DocumentSpec, Product, SpecPhoto
from studio.errors import UnreadableError
from studio.jobs.item import job_event_to_item, job_from_item, job_to_item
from studio.ledger.item import day_from_item, entry_from_item, entry_to_item
from studio.media.item import image_to_item, pdf_to_item, upload_from_item, upload_to_item
from studio.media.model import StoredPdf
from studio.orders.item import order_from_item, order_to_item
from studio.payments.item import event_from_item, event_to_item, facts_to_item, payment_from_item, payment_to_item
from studio.payments.model import Facts, PaymentDecision, ReviewReason
from studio.payments.transactions import (
    Dispute,
    DisputeState,
    Refund,
    Refunded,
    RefundState,
    Taken,
    Transaction,
)
from studio.people.item import person_from_item, person_to_item
from studio.people.model import Language, Role
from studio.people.points_history import HistoryLine
from studio.rates.item import rate_from_item
from tests.sdl import operation
from tests.unit.schema.test_answers import (
    AT,
    EVENT,
    FAILED,
    GRANT,
    IMAGE,
    ORDER,
    READY,
    RESIZED,
    REVIEWED,
    SCHEMA,
    SHOWN_PERSON,
    SMALL,
    link,
)
from tests.unit.spoiling import VALUES, kept, kept_with, paths

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Shown = Callable[[Mapping[str, Any]], Any]


@dataclass(frozen=True)
class Kind:
    """A kind of row: one that is right, with every attribute, and how a field of the API answers it."""

    field: str
    row: Mapping[str, Any]
    shown: Shown
    key: tuple[str, ...] = ("id",)

    def __str__(self) -> str:
        return self.field

    @cached_property
    def kept(self) -> Mapping[str, Any]:
        return kept(self.row)

    @cached_property
    def places(self) -> st.SearchStrategy[tuple[Any, ...]]:
        """Where the row can be spoiled."""
        return st.sampled_from([path for path in paths(self.kept) if path[0] not in self.key])


def listed(shown: Shown) -> Shown:
    return lambda item: {"items": [shown(item)], "nextToken": None}


JOB = job_to_item(RESIZED) | {
    "image": image_to_item(IMAGE),
    "variants": {"thumbnail": image_to_item(SMALL)},
    "variantsOf": "tag",
    "due": 1,
    "leaseEnd": 1,
    "history": [job_event_to_item(event) for event in RESIZED.history],
}
ENDED = job_to_item(FAILED) | {"errorCode": "INTERNAL", "errorMessage": "It failed.", "refundedAt": AT, "doubt": "?"}
TAKEN = Taken(249_000, "VND")
TRANSACTION = Transaction(
    paid=TAKEN,
    refunded=Refunded(TAKEN, 1),
    refunds={"re": Refund(TAKEN, RefundState.FAILED, 1)},
    disputes={"dp": Dispute(TAKEN, DisputeState.WON, 1)},
)
FACTS = Facts(
    {"14": TRANSACTION},
    suspected=TAKEN,
    decision=PaymentDecision.CREDIT,
    overruled=ReviewReason.ORDER_ENDED,
    disputed=frozenset({"dp"}),
)
PAYMENT = (
    payment_to_item(REVIEWED)
    | facts_to_item(FACTS)
    | {"balance": 5, "session": "cs_1", "worth": {"minor": 999, "currency": "USD"}}
)
RECORD = AuditRecord(Act.ROLE_SET, "k", "admin", "user", AT, {"old": "USER", "deep": {"er": [1]}}, "203.0.113.9")
DAY = {"owner": "5d2c", "day": "2026-11-20", "images": 2, "points": 1, "free": 1, "images.titan": 2, "free.titan": 1}
RATE = {
    "pair": "USD/VND",
    "base": "USD",
    "quote": "VND",
    "rate": 26_000,
    "asOf": AT,
    "source": "ADMIN",
    "heldUntil": AT,
}
WHOLE = person_to_item(SHOWN_PERSON) | {
    "running": {"a"},
    "paying": {"b"},
    "ordering": {"c"},
    "signedOutAt": 1,
    "ahead": ["role"],
    "blocks": [1],
    "unreachable": "a@b.c",
}


PLACED = (Placed("a", "Biển", Decimal("0.25"), Decimal(1), 1_795_000_000), Placed("b"))
ALBUM = Document(
    *("d", "5d2c", DocumentKind.ALBUM, "Đà Lạt", "MIXED", 3, AT, AT),
    description="Hè",
    placed=PLACED,
    arrived=frozenset({"a"}),
    rejected=frozenset({"c"}),
    renderings={Product.SCREEN: Rendering("j", 3)},
    jobs=frozenset({"j"}),
)
COLLAGE = replace(ALBUM, kind=DocumentKind.COLLAGE, design="POLAROID", caption="Tết", background="#ffeedd")
PHOTO = Photo("d", "a", IMAGE, {"thumbnail": SMALL}, Decimal("0.5"), Decimal("0.5"))
SPEC = DocumentSpec(
    *("d", Product.SCREEN, "MIXED", "Đà Lạt", (SpecPhoto("a", "image/png", 4, 3, Decimal("0.5"), Decimal(1), "Biển"),)),
    *("2026-11-20", Language.VI, "Tết", "#ffeedd"),
)
RENDERING = JOB | {
    "kind": DocumentKind.ALBUM,
    "spec": spec_to_item(SPEC),
    "pdf": pdf_to_item(StoredPdf("results/vertex/x/album.pdf", 9, "0" * 32, 4)),
}


def document_rows(document: Document) -> Mapping[str, Any]:
    row = document_to_item(document)
    return row | {"arrived": {*document.arrived}, "rejected": {*document.rejected}, "jobs": {*document.jobs}}


def document_shown(item: Mapping[str, Any]) -> Any:
    found = document_from_item(item)
    view = DocumentView(found, found.photos(0), {}, {}, found.awaits(0))
    return album_shapes.document(view, link, Files())


def photo_shown(item: Mapping[str, Any]) -> Any:
    view = DocumentView(ALBUM, PLACED, {"a": photo_from_item(item)}, {}, awaits=False)
    return album_shapes.album(view, link, Files())


def rendering_shown(item: Mapping[str, Any]) -> Any:
    job = job_from_item(item)
    jobs = {job.document_spec.product: job} if job.is_document else {}
    return album_shapes.album(DocumentView(ALBUM, PLACED, {}, jobs, awaits=False), link, Files())


def upload_shown(item: Mapping[str, Any]) -> Any:
    return upload_shapes.upload(upload_from_item(item), link)


def day_shown(item: Mapping[str, Any]) -> Any:
    return people_shapes.usage(day_from_item("2026-11-20", item), [(model, 3) for model in CATALOGUE])


KINDS = [
    Kind("Query.job", JOB, lambda item: job_shapes.job(job_from_item(item), link)),
    Kind("Query.job", ENDED, lambda item: job_shapes.job(job_from_item(item), link)),
    Kind("Query.jobs", JOB, listed(lambda item: job_shapes.job(job_from_item(item), link))),
    Kind("Query.jobStatus", JOB, lambda item: job_shapes.job_view(job_from_item(item), link)),
    Kind("Query.upload", upload_to_item(READY) | {"image": image_to_item(IMAGE), "rejected": "x"}, upload_shown),
    Kind("Query.album", document_rows(ALBUM), document_shown, ("id", "kind")),
    Kind("Query.collage", document_rows(COLLAGE), document_shown, ("id", "kind")),
    Kind("Query.albums", document_rows(ALBUM), listed(document_shown), ("id", "kind")),
    Kind("Query.album", photo_to_item(PHOTO), photo_shown, ("document", "id")),
    Kind("Query.album", RENDERING, rendering_shown),
    Kind("Query.order", order_to_item(ORDER), lambda item: order_shapes.order(order_from_item(item), NOON)),
    Kind("Query.orders", order_to_item(ORDER), listed(lambda item: order_shapes.order(order_from_item(item), NOON))),
    Kind("Query.orderStatus", order_to_item(ORDER), lambda item: order_shapes.view(order_from_item(item))),
    Kind("Query.me", WHOLE, lambda item: people_shapes.user(person_from_item(item), Role.USER, link)),
    Kind("Query.payment", PAYMENT, lambda item: payment_shapes.payment(payment_from_item(item))),
    Kind(
        "Query.paymentEvents",
        event_to_item(EVENT) | {"sourceIp": "::1", "outcome": "applied", "cause": "c", "paymentId": "p"},
        listed(lambda item: payment_shapes.payment_event(event_from_item(item))),
    ),
    Kind(
        "Query.pointsHistory",
        entry_to_item(GRANT.entry) | {"jobId": "j", "paymentId": "p"},
        listed(lambda item: people_shapes.points_entry(HistoryLine(entry_from_item(item), 5))),
        ("owner", "entry"),
    ),
    Kind(
        "Query.auditTrail",
        record_to_item(RECORD),
        listed(lambda item: people_shapes.audit_record(record_from_item(item))),
        ("day", "record"),
    ),
    Kind("Query.usage", DAY, day_shown, ("owner", "day")),
    Kind("Query.exchangeRate", RATE, lambda item: rate_shapes.exchange_rate(rate_from_item(item), NOON), ("pair",)),
]
VARIABLES = {"id": "x", "base": "USD", "quote": "VND"}


def answered(kind: Kind, item: Mapping[str, Any]) -> None:
    """Answer a field as its function and AppSync do: by JSON, of which text is whole, and by the schema's types."""
    data = kind.shown(item)
    sent = json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    assert len(sent) < 60_000, "a page has a hundred"
    name = kind.field.split(".")[1]
    result = execute_sync(SCHEMA, everything_of(kind.field), {name: json.loads(sent)}, variable_values=VARIABLES)
    assert result.errors is None


@cache
def everything_of(field: str) -> DocumentNode:
    return parse(operation(SCHEMA, field))


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_row_that_is_right_is_answered(kind: Kind) -> None:
    answered(kind, kind.kept)
    answered(kind, {**kind.kept, "unknown": [{"x": True}], "another": "e" * 100})


@pytest.mark.parametrize("kind", KINDS, ids=str)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_row_that_is_spoiled_is_refused_or_answered(kind: Kind, data: st.DataObject) -> None:
    item = kept_with(kind.kept, data.draw(kind.places), data.draw(VALUES))
    try:
        answered(kind, item)
    except UnreadableError as error:
        assert str(error), "it says what cannot be read"  # noqa: PT017
