"""The shapes that resolvers answer with are what the schema promises, down to AppSync's scalars."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from graphql import (
    FieldNode,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    graphql_sync,
    parse,
    validate,
    visit,
)

from local.appsync.scalars import install_scalars
from resolvers.shapes import albums as album_shapes
from resolvers.shapes import catalogue as model_shapes
from resolvers.shapes import images as image_shapes
from resolvers.shapes import jobs as job_shapes
from resolvers.shapes import media as upload_shapes
from resolvers.shapes import orders as order_shapes
from resolvers.shapes import payments as payment_shapes
from resolvers.shapes import people as people_shapes
from resolvers.shapes.albums import Files
from resolvers.streams import publications
from studio.albums.find import DocumentView
from studio.albums.model import Document, Photo, Placed
from studio.albums.photos import CENTRE
from studio.catalogue.data import CATALOGUE
from studio.clock import iso
from studio.documents.album import AlbumLayout
from studio.documents.spec import DocumentKind, Product
from studio.documents.templates import TEMPLATES, CollageTemplate
from studio.images.model import IMAGE as IMAGE_ROLE
from studio.images.model import (
    MASK,
    TEXTURE,
    AspectRatio,
    Camera,
    EditMode,
    ImageSize,
    Input,
    JobKind,
    Outpaint,
    Spec,
    reference,
)
from studio.jobs.model import Failure, Job, JobErrorCode, JobEvent, JobStatus
from studio.jobs.price import Quote
from studio.ledger.model import Charge, Day, Entry, PointsReason
from studio.media.create_upload import Ticket
from studio.media.links import Link
from studio.media.model import (
    Origin,
    Provenance,
    StoredFile,
    StoredImage,
    StoredPdf,
    Upload,
    UploadPurpose,
    UploadRejection,
    UploadStatus,
)
from studio.media.store import Form
from studio.money import Currency, Money
from studio.orders import transitions
from studio.orders.model import (
    Address,
    Order,
    OrderFailure,
    OrderItem,
    OrderItemKind,
    OrderParcel,
    OrderQuote,
    OrderStatus,
    OrderStep,
    OrderStepKind,
)
from studio.orders.price_list import PRICE_LIST
from studio.orders.warnings import OrderWarning
from studio.payments.model import Event, Facts, Payment, PaymentProvider, PaymentStatus, ReviewReason
from studio.payments.packages import PACKAGES
from studio.payments.refund_request import RefundRequest
from studio.payments.transactions import Taken
from studio.people.model import Avatar, AvatarFile, Person, Role
from studio.people.points_history import HistoryLine
from tests.sdl import committed, operation
from tests.unit.orders import samples

SCHEMA = committed()
install_scalars(SCHEMA)

MOMENT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
AT = iso(MOMENT)
OTHER_ID = "0d4de5f4-0000-4000-8000-000000000000"
JOB_ID = "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b11"


def link(image: StoredFile) -> Link:
    return Link(f"https://media.example/{image.key}?signature=x", MOMENT)


def job(status: JobStatus, *, image: StoredImage | None = None, failure: Failure | None = None) -> Job:
    return Job(
        id=JOB_ID,
        owner="5d2c",
        request_id="r-1",
        kind=JobKind.GENERATE,
        model="nanobanana-pro",
        worker="vertex",
        spec=Spec("a lighthouse", None, ImageSize.ONE_K, AspectRatio.SQUARE, None),
        charge=Charge(1, 0, "2026-11-20"),
        status=status,
        version=3,
        created_at=AT,
        updated_at=AT,
        deadline=0,
        expires_at=0,
        failure=failure,
        image=image,
        refunded_at=AT if failure else None,
        link={"boardId": "b1"},
        history=(JobEvent(1, JobStatus.PENDING, AT), JobEvent(2, status, AT, "a note")),
    )


IMAGE = StoredImage(f"results/{JOB_ID}/original.png", "image/png", 1024, 1024, 9)
SMALL = StoredImage(f"resized/{JOB_ID}/thumbnail.webp", "image/webp", 320, 320, 5)
COMPLETED = job(JobStatus.COMPLETED, image=IMAGE)
RESIZED = replace(COMPLETED, variants={"thumbnail": SMALL})
FAILED = job(JobStatus.FAILED, failure=Failure(JobErrorCode.SAFETY_BLOCKED, "Blocked."))
PENDING = job(JobStatus.PENDING)
_INPUTS = {role: Input(JOB_ID, IMAGE.key, "image/png", 9, 9) for role in (IMAGE_ROLE, MASK, TEXTURE, reference(0))}
OUTPAINTED = replace(
    FAILED,
    kind=JobKind.EDIT,
    spec=Spec(
        "", "rain", None, None, 7, EditMode.OUTPAINT, Outpaint(1, 2, 3, 4), Camera(*map(Decimal, (30, -5, 2))), _INPUTS
    ),
)
PERSON = Person("5d2c", "a@example.com", None, Role.USER, 19, 2, disabled=False, created_at=AT)
AVATAR_FILE = AvatarFile("image/webp", 4, 3, 9)
AVATAR = Avatar("a", "u", {"original": AVATAR_FILE, "thumbnail": AVATAR_FILE})
SHOWN_PERSON = replace(PERSON, avatar=AVATAR)
GRANT = HistoryLine(Entry("5d2c", PointsReason.GRANT, "admin#1", 5, AT, note="Thank you."), 24)
USED = Day("2026-11-20", {"images": 2, "points": 1, "free": 1, "images.titan": 2, "points.titan": 1, "free.titan": 1})
ORIGINS = (Origin(Provenance.UNKNOWN), Origin(Provenance.MARK_FOUND, "2026-11-20T12:00:00.000Z", "Nano Banana Pro"))
UPLOADING = Upload(
    JOB_ID, "5d2c", UploadPurpose.MASK, "uploads/5d2c/x/original", "image/png", 9, UploadStatus.UPLOADING, AT, 0
)
READY = replace(UPLOADING, status=UploadStatus.READY, image=IMAGE, variants={"thumbnail": SMALL})
REJECTED = replace(UPLOADING, status=UploadStatus.REJECTED, rejected="No.", rejection=UploadRejection.DAMAGED)
WITHDRAWN = replace(READY, status=UploadStatus.WITHDRAWN, rejected="No.", rejection=UploadRejection.DAMAGED)
WAITING = Payment(
    id=JOB_ID,
    owner="5d2c",
    provider=PaymentProvider.VNPAY,
    status=PaymentStatus.PENDING,
    goods="packageId",
    goods_id="points-100",
    points=100,
    amount=Money(249_000, Currency.VND),
    created_at=AT,
    updated_at=AT,
    expires_at=AT,
    return_url="https://namo.example/return",
    pay_url="https://pay.example/?vnp_TxnRef=1",
)
REQUEST = RefundRequest(JOB_ID, "pi_1", Taken(249_000, "VND"), "torn", "5d2c", AT)
FACTS = Facts(refund_requests={"pi_1": REQUEST})
REVIEWED = replace(WAITING, status=PaymentStatus.REVIEW, review=ReviewReason.WRONG_AMOUNT, paid_at=AT, facts=FACTS)
EVENT = Event(PaymentProvider.VNPAY, "d1", "IPN 00", "vnp_Amount=1", AT)
FORM = Form("https://media.example/", {"key": "k", "policy": "p"}, MOMENT)

PLACED = (Placed(JOB_ID, caption="Huế", focal_x=Decimal("0.25")), Placed(OTHER_ID, until=10**10))
ALBUM = Document(
    JOB_ID, "5d2c", DocumentKind.ALBUM, "Huế", AlbumLayout.MIXED, 2, AT, AT, placed=PLACED, arrived=frozenset({JOB_ID})
)
COLLAGE = replace(ALBUM, kind=DocumentKind.COLLAGE, design=CollageTemplate.GRID_2X2, background="#ffffff")
PHOTO = Photo(JOB_ID, JOB_ID, IMAGE, {"thumbnail": SMALL}, CENTRE, CENTRE)
BOOK = replace(COMPLETED, image=None, pdf=StoredPdf(f"results/documents/{JOB_ID}/album.pdf", 9, "d41d8cd9", 24))


def view(document: Document, **jobs: Job) -> DocumentView:
    found = {Product(product): job_ for product, job_ in jobs.items()}
    return DocumentView(document, PLACED, {JOB_ID: PHOTO}, found, awaits=True)


ALBUMS = [view(ALBUM), view(ALBUM, PRINT=BOOK), view(ALBUM, SCREEN=FAILED), view(ALBUM, SCREEN=PENDING)]
COLLAGES = [view(COLLAGE), view(COLLAGE, PREVIEW=COMPLETED, PICTURE=RESIZED), view(COLLAGE, PICTURE=FAILED)]
BOUND = OrderItem(OrderItemKind.ALBUM_PRINT, JOB_ID, 2, Money(2_499, Currency.USD), 24, "ALBUM_A4_LANDSCAPE")
FREE = OrderItem(OrderItemKind.COLLAGE_FILE, OTHER_ID, 1, Money(199, Currency.USD))
ORDER_QUOTE = OrderQuote(JOB_ID, "5d2c", (BOUND, FREE), Money(1_099, Currency.USD), {JOB_ID: 1}, AT, AT, "VN")
WARNINGS = [
    OrderWarning(DocumentKind.ALBUM, JOB_ID, "Soft.", 3, 140),
    OrderWarning(DocumentKind.COLLAGE, OTHER_ID, "Soft."),
]
ORDERED = Order(
    id=JOB_ID,
    customer="5d2c",
    status=OrderStatus.PENDING,
    version=1,
    items=(BOUND, FREE),
    shipping=Money(1_099, Currency.USD),
    total=Money(6_296, Currency.USD),
    created_at=AT,
    updated_at=AT,
    pay_by=AT,
    country="VN",
    address=Address("Ada", "1 Lê Lợi", "Huế", "VN", "Lầu 2", "Thừa Thiên", "530000", "+84912345678"),
)
SENT = replace(
    ORDERED,
    status=OrderStatus.FAILED,
    address=None,
    steps=(OrderStep(OrderStepKind.PAID, AT, "By card."),),
    parcels=(OrderParcel("1", AT, "VN Post", "T1", "https://track.example/T1"), OrderParcel("2", AT)),
    note="The printer could not print it.",
)
PRICES = [order_shapes.list_price(price, currency) for price in PRICE_LIST for currency in Currency]
ORDER = transitions.parcelled(
    transitions.printed(
        transitions.stepped(
            transitions.paid(samples.pending(now=MOMENT), "p", MOMENT), OrderStepKind.RENDERED, now=MOMENT, note="Ada"
        ),
        MOMENT,
    ),
    [samples.PARCEL],
    MOMENT,
)
# What an order's downloads are made of is their keys, which the schema does not know.
SHOWN_ORDERS = [
    order_shapes.order(each, MOMENT)
    for each in (
        samples.pending(now=MOMENT),
        samples.of_files(now=MOMENT),
        ORDER,
        transitions.failed(ORDER, OrderFailure.PRINTER_REFUSED, MOMENT, "It was refused."),
    )
]
ANSWERS: list[tuple[str, Any]] = [
    *(("Query.order", each) for each in SHOWN_ORDERS),
    ("Query.orders", {"items": SHOWN_ORDERS, "nextToken": "t"}),
    ("Query.orderStatus", order_shapes.view(ORDER)),
    *(("Query.album", album_shapes.album(each, link, Files())) for each in ALBUMS),
    *(("Query.collage", album_shapes.collage(each, link, Files())) for each in COLLAGES),
    ("Query.albums", {"items": [album_shapes.document(ALBUMS[0], link, Files())], "nextToken": None}),
    ("Query.collages", {"items": [album_shapes.document(COLLAGES[1], link, Files())], "nextToken": "t"}),
    ("Query.models", [model_shapes.model(model, MOMENT, 3, left) for model in CATALOGUE for left in (None, 2)]),
    ("Query.quote", job_shapes.quote(Quote(2, 1, -1))),
    *(("Query.job", job_shapes.job(each, link)) for each in (COMPLETED, RESIZED, FAILED, PENDING, OUTPAINTED)),
    *(("Query.upload", upload_shapes.upload(each, link)) for each in (UPLOADING, READY, REJECTED, WITHDRAWN)),
    *(("Query.verifyImage", upload_shapes.verdict(each)) for each in ORIGINS),
    ("Query.uploads", {"items": [upload_shapes.upload(READY, link)], "nextToken": "t"}),
    ("Mutation.createUpload", upload_shapes.ticket(Ticket(UPLOADING, FORM))),
    ("Query.jobs", {"items": [job_shapes.job(COMPLETED, link)], "nextToken": None}),
    *(("Query.jobStatus", job_shapes.job_view(each, link)) for each in (COMPLETED, FAILED, PENDING)),
    ("Query.moreLike", [job_shapes.job_input(each.image_spec) for each in (COMPLETED, OUTPAINTED)]),
    ("Query.download", image_shapes.download(Link("https://media.example/x", MOMENT))),
    *(("Query.me", people_shapes.user(person, Role.ADMIN, link)) for person in (PERSON, SHOWN_PERSON)),
    ("Query.usage", people_shapes.usage(USED, [(model, 3) for model in CATALOGUE])),
    ("Query.pointPackages", [payment_shapes.point_package(package) for package in PACKAGES]),
    ("Query.priceList", PRICES),
    ("Query.quoteOrder", order_shapes.quote(ORDER_QUOTE, WARNINGS)),
    *(("Mutation.createOrder", order_shapes.order(each, MOMENT)) for each in (ORDERED, SENT)),
    ("Query.collageTemplates", [album_shapes.collage_template(*each) for each in TEMPLATES.items()]),
    *(("Query.payment", payment_shapes.payment(each)) for each in (WAITING, REVIEWED)),
    ("Mutation.createPayment", payment_shapes.payment(WAITING)),
    ("Query.paymentEvents", {"items": [payment_shapes.payment_event(EVENT)], "nextToken": None}),
    ("Query.pointsHistory", {"items": [people_shapes.points_entry(GRANT)], "nextToken": "t"}),
]
# An operation asks with variables; these fit every field's.
INPUTS = {
    "Query.quote": {"model": "m", "kind": "GENERATE"},
    "Query.quoteOrder": {"items": [], "currency": "VND"},
    "Mutation.createOrder": {"clientRequestId": "1", "items": [], "currency": "VND"},
    "Mutation.createPayment": {"clientRequestId": "1", "provider": "VNPAY", "currency": "VND"},
    "Mutation.createUpload": {"fileName": "f", "contentType": "image/png", "byteSize": 1, "purpose": "MASK"},
}


@pytest.mark.parametrize(("field", "answer"), ANSWERS)
def test_an_answer_is_what_the_schema_promises(field: str, answer: Any) -> None:
    name = field.split(".")[1]
    result = graphql_sync(
        SCHEMA,
        operation(SCHEMA, field),
        {name: answer},
        variable_values={"id": "x", "jobId": "x", "uploadId": "x", "currency": "VND", "input": INPUTS.get(field)},
    )
    assert result.errors is None
    assert result.data
    assert result.data[name] is not None


@pytest.mark.parametrize(("field", "answer"), ANSWERS)
def test_an_answer_holds_nothing_the_schema_does_not_know(field: str, answer: Any) -> None:
    root, name = field.split(".")
    type_ = SCHEMA.type_map[root]
    assert isinstance(type_, GraphQLObjectType)
    assert unknown(answer, get_named_type(type_.fields[name].type)) == set()


def unknown(answer: Any, type_: object) -> set[str]:
    if isinstance(answer, list):
        return {name for each in answer for name in unknown(each, type_)}
    if not isinstance(answer, Mapping) or not isinstance(type_, GraphQLObjectType):
        return set()
    inner = {name: field for name, field in type_.fields.items() if name in answer}
    strange = {f"{type_.name}.{name}" for name in answer if name not in type_.fields}
    return strange.union(*(unknown(answer[name], get_named_type(field.type)) for name, field in inner.items()))


def test_the_public_view_of_an_order_says_nothing_private() -> None:
    private = {"customer", "items", "totalPrice", "shipping", "address", "downloads", "errorMessage", "actions"}
    shown = order_shapes.view(ORDER)
    assert not private & set(shown)
    assert "Ada" not in str(shown)


def test_an_order_is_told_of_without_address_and_links() -> None:
    told = order_shapes.event(ORDER, MOMENT)
    assert (told["address"], told["downloads"]) == (None, [])
    assert "Orchard" not in str(told)


def test_the_public_view_says_nothing_private() -> None:
    public = {"id", "status", "version", "progress", "errorCode", "errorMessage", "image", "updatedAt"}
    assert set(job_shapes.job_view(OUTPAINTED, link)) == public


def test_what_is_published_selects_every_field() -> None:
    """A subscriber gets of its selection what the mutation selected, and null for the rest."""
    whole = {
        "publishJob": publications.JOB,
        "publishJobDeleted": publications.JOB_DELETED,
        "publishShutOut": publications.SHUT_OUT,
        "publishUser": publications.USER,
        "publishUpload": publications.UPLOAD,
        "publishPayment": publications.PAYMENT,
        "publishCollage": publications.COLLAGE,
        "publishOrder": publications.ORDER,
    }
    for name, mutation in whole.items():
        assert validate(SCHEMA, parse(mutation)) == []
        assert asked(mutation) == asked(operation(SCHEMA, f"Mutation.{name}"))
    assert validate(SCHEMA, parse(publications.ALBUM)) == []
    links = {field for field in asked(operation(SCHEMA, "Mutation.publishAlbum")) if field.startswith("Image")}
    everything = asked(operation(SCHEMA, "Mutation.publishAlbum"))
    assert asked(publications.ALBUM) == everything - links - {"Photo.image"}


class Asked(Visitor):
    def __init__(self, types: TypeInfo) -> None:
        super().__init__()
        self.types = types
        self.fields: set[str] = set()

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self.fields.add(f"{self.types.get_parent_type()}.{node.name.value}")


def asked(text: str) -> set[str]:
    """Return every field of every type that an operation selects somewhere."""
    types = TypeInfo(SCHEMA)
    visitor = Asked(types)
    visit(parse(text), TypeInfoVisitor(types, visitor))
    return visitor.fields
