"""GraphQL's Int ends at 2,147,483,647: one number beyond it makes an answer of a whole page an error."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLObjectType, get_named_type

from resolvers.shapes import albums as album_shapes
from resolvers.shapes import catalogue as model_shapes
from resolvers.shapes import jobs as job_shapes
from resolvers.shapes import orders as order_shapes
from resolvers.shapes import payments as payment_shapes
from resolvers.shapes import people as people_shapes
from resolvers.shapes import rates as rate_shapes
from resolvers.shapes.albums import Files
from studio.catalogue.data import CATALOGUE
from studio.documents.templates import TEMPLATES
from studio.jobs.price import Quote
from studio.money import Currency, Money
from studio.payments.packages import PACKAGES
from studio.people.model import Role
from studio.rates.model import Rate, RateSource
from tests.unit.schema.test_answers import (
    ALBUMS,
    ANSWERS,
    GRANT,
    ORDER,
    ORDER_QUOTE,
    OUTPAINTED,
    PRICES,
    RESIZED,
    REVIEWED,
    SCHEMA,
    SENT,
    SHOWN_ORDERS,
    SHOWN_PERSON,
    USED,
    WARNINGS,
    link,
)

MOST = 2**31 - 1
HUGE = 10**12

# What no row can hold so much of, and why.
BOUNDED = {
    "Image.width": "a picture has 50 megapixels at most",
    "Image.height": "a picture has 50 megapixels at most",
    "Charge.points": "the price of one image",
    "Charge.freeImages": "one image",
    "Charge.refundedPoints": "the price of one image",
    "Charge.refundedFreeImages": "one image",
    "Job.index": "a call makes eight",
    "JobInput.seed": "2,147,483,647",
    "Outpaint.left": "1,024",
    "Outpaint.top": "1,024",
    "Outpaint.right": "1,024",
    "Outpaint.bottom": "1,024",
    "Job.version": "a job ends after some steps",
    "JobView.version": "a job ends after some steps",
    "JobEvent.version": "a job ends after some steps",
    "Payment.version": "grows with what a provider tells of one payment",
    "Payment.points": "a package's",
    "Payment.creditedPoints": "a package's, or less",
    "Payment.owedPoints": "a package's, or less",
    "Money.minor": "a package's price, or an order's; what it is worth at a rate is left out where it is beyond",
    "OrderItem.quantity": "20",
    "OrderItem.pages": "a book has 300",
    "OrderWarning.page": "a book has 300",
    "OrderWarning.dpi": "below 300",
    "Order.version": "an order ends after some steps",
    "Quote.points": "the prices of eight images",
    "Quote.freeImages": "eight",
}


def huge(thing: Any) -> Any:
    """Return the same record with every number as large as none should be."""
    if isinstance(thing, bool) or thing is None:
        return thing
    if isinstance(thing, int):
        return HUGE
    if isinstance(thing, tuple):
        return tuple(map(huge, thing))  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    if isinstance(thing, Mapping):
        return {name: huge(part) for name, part in thing.items()}  # pyright: ignore[reportUnknownVariableType]
    if is_dataclass(thing) and not isinstance(thing, type):
        return replace(thing, **{each.name: huge(getattr(thing, each.name)) for each in fields(thing) if each.init})
    return thing


OLD = Rate(Currency.USD, Currency.VND, Decimal(26_000), datetime(1, 1, 1, tzinfo=UTC), RateSource.PROVIDER)
NOW = datetime(2026, 11, 20, tzinfo=UTC)
PAID = replace(huge(REVIEWED), worth=Money(HUGE, Currency.USD))
SHOWN: list[tuple[str, Any]] = [
    *(("Job", job_shapes.job(replace(huge(each), expires_at=0), link)) for each in (RESIZED, OUTPAINTED)),
    ("JobView", job_shapes.job_view(huge(RESIZED), link)),
    ("Quote", job_shapes.quote(huge(Quote(1, 1, 1)))),
    ("Quote", job_shapes.quote(Quote(1, 1, -HUGE))),
    ("User", people_shapes.user(huge(SHOWN_PERSON), Role.USER, link)),
    ("Usage", people_shapes.usage(huge(USED), [(model, 3) for model in CATALOGUE])),
    ("PointsEntry", people_shapes.points_entry(huge(GRANT))),
    ("PointsEntry", people_shapes.points_entry(replace(GRANT, balance=-HUGE))),
    ("Payment", payment_shapes.payment(PAID)),
    ("ExchangeRate", rate_shapes.exchange_rate(OLD, NOW)),
    ("Album", album_shapes.album(ALBUMS[0], link, Files())),
    *(("Model", model_shapes.model(model, NOW, 3, 3)) for model in CATALOGUE),
    *(("OrderItem", price) for price in PRICES),
    ("OrderQuote", order_shapes.quote(huge(ORDER_QUOTE), huge(tuple(WARNINGS)))),
    ("Order", order_shapes.order(huge(SENT), NOW)),
    *(("CollageTemplateInfo", album_shapes.collage_template(*each)) for each in TEMPLATES.items()),
    *(("Order", order) for order in SHOWN_ORDERS),
    ("OrderView", order_shapes.view(ORDER)),
    *(("PointPackage", payment_shapes.point_package(package)) for package in PACKAGES),
    *(("Upload", answer) for field, answer in ANSWERS if field == "Mutation.createUpload"),
]


def numbers(type_name: str, answer: Any) -> Iterator[tuple[str, int | None]]:
    """Yield every Int of an answer with its field."""
    type_ = SCHEMA.type_map[type_name]
    assert isinstance(type_, GraphQLObjectType)
    for name, field in type_.fields.items():
        inner = get_named_type(field.type)
        found = answer.get(name)
        for each in found if isinstance(found, list) else [found]:
            if inner.name == "Int":
                yield f"{type_name}.{name}", each
            elif isinstance(inner, GraphQLObjectType) and each is not None:
                yield from numbers(inner.name, each)


def test_whatever_a_row_holds_an_answer_can_be_given() -> None:
    beyond = {
        field
        for type_, answer in SHOWN
        for field, number in numbers(type_, answer)
        if number is not None and not -MOST - 1 <= number <= MOST
    }
    assert beyond <= {*BOUNDED}, "clamp it, or say why no row can hold so much"


def test_every_int_of_the_schema_is_looked_at() -> None:
    of_schema = {
        f"{type_.name}.{name}"
        for type_ in SCHEMA.type_map.values()
        if isinstance(type_, GraphQLObjectType)
        for name, field in type_.fields.items()
        if get_named_type(field.type).name == "Int"
    }
    assert of_schema == {field for type_, answer in SHOWN for field, _ in numbers(type_, answer)}
    assert {*BOUNDED} <= of_schema


def test_what_a_payment_is_worth_is_left_out_where_it_cannot_be_said() -> None:
    assert payment_shapes.payment(PAID)["worth"] is None
    for minor, said in ((MOST, MOST), (MOST + 1, None), (-MOST - 1, -MOST - 1), (-MOST - 2, None)):
        worth = payment_shapes.payment(replace(PAID, worth=Money(minor, Currency.USD)))["worth"]
        assert (worth and worth["minor"]) == said
