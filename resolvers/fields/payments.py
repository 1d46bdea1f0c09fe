"""The fields about payments, and about exchange rates."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resolvers.fields import rates as rate_fields
from resolvers.fields.graphql import Answer, Fields, caller, follow_own, handler_of
from resolvers.shapes import payments as payment_shapes
from resolvers.shapes.base import connection
from studio.audit.table import AuditTrail
from studio.clock import now
from studio.lists import Listed
from studio.orders.goods_registry import goods_of
from studio.payments.cancel import PaymentCancellation
from studio.payments.checkout import Checkout, CheckoutRequest, CheckoutSettings
from studio.payments.events import PaymentEvents
from studio.payments.lists import PaymentLists
from studio.payments.model import Payment, PaymentDecision, PaymentStatus
from studio.payments.packages import PACKAGES
from studio.payments.providers.registry import PROVIDERS
from studio.payments.review import Review
from studio.payments.table import Payments
from studio.payments.transitions import PaymentTransitions
from studio.people.find_or_create import PersonFinder
from studio.people.guard import Guard
from studio.people.join import UserDirectory, person_creator
from studio.people.model import Role
from studio.rates.table import Rates
from studio.requests.table import Requests
from studio.settings import payments as settings
from studio.settings.environment import read_settings

if TYPE_CHECKING:
    from studio.inputs import CreatePaymentInput

app = Fields()
config = read_settings(settings.PaymentsApi)

_payments = Payments(config.payments_table)
_person_creator = person_creator(config)
_people = _person_creator.people
_trail = AuditTrail(config.audit_table)
_rates = Rates(config.rates_table)
_directory = UserDirectory(config.user_pool_id)
_goods = goods_of(config)
_checkouts = {name: provider.checkout(config) for name, provider in PROVIDERS.items()}
_checkout = Checkout(
    _payments,
    Requests(config.requests_table),
    PersonFinder(_person_creator, _directory),
    _rates.find,
    _checkouts,
    _goods,
    CheckoutSettings(tuple(config.web_origins.split(",")), config.return_url, config.payment_seconds),
)
_cancellation = PaymentCancellation(_payments, _people, _checkouts)
_lists = PaymentLists(_payments, PaymentEvents(config.payment_events_table))
_review = Review(PaymentTransitions(_payments, _people, _trail, _goods))
rate_fields.register(app, _rates, _trail, _people)


@app.resolver(type_name="Query", field_name="pointPackages")
def point_packages() -> list[Answer]:
    return [payment_shapes.point_package(package) for package in PACKAGES]


@app.resolver(type_name="Query", field_name="payment")
def payment(id: str) -> Answer | None:  # noqa: A002 - the schema's name
    return _shown(_lists.visible(caller(app), id))


@app.resolver(type_name="Query", field_name="payments")
def payments(status: str | None = None, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    wanted = None if status is None else PaymentStatus(status)
    return _page(_lists.own(caller(app), wanted, limit, nextToken))


@app.resolver(type_name="Query", field_name="paymentsByStatus", role=Role.ADMIN)
def payments_by_status(status: str, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return _page(_lists.by_status(PaymentStatus(status), limit, nextToken))


@app.resolver(type_name="Query", field_name="paymentEvents", role=Role.ADMIN)
def payment_events(paymentId: str | None = None, limit: int | None = None, nextToken: str | None = None) -> Answer:  # noqa: N803
    return connection(_lists.events_of(paymentId, limit, nextToken), payment_shapes.payment_event)


@app.resolver(type_name="Mutation", field_name="createPayment")
def create_payment(input: "CreatePaymentInput") -> Answer:  # noqa: A002
    return payment_shapes.payment(_checkout.begin(caller(app), CheckoutRequest.of(input, _goods), now()))


@app.resolver(type_name="Mutation", field_name="cancelPayment")
def cancel_payment(id: str) -> Answer | None:  # noqa: A002
    return _shown(_cancellation.cancel(caller(app), id, now()))


@app.resolver(type_name="Mutation", field_name="resolvePayment", role=Role.ADMIN)
def resolve_payment(id: str, decision: str, note: str) -> Answer | None:  # noqa: A002
    return _shown(_review.resolve(caller(app), id, PaymentDecision(decision), note, now()))


@app.resolver(type_name="Mutation", field_name="refundPayment", role=Role.ADMIN)
def refund_payment(id: str, note: str) -> Answer | None:  # noqa: A002
    return _shown(_review.refund(caller(app), id, note, now()))


@app.resolver(type_name="Subscription", field_name="onPayment")
def on_payment(owner: str) -> None:
    follow_own(app, owner, "your own payments")


def _page(page: Listed[Payment]) -> Answer:
    return connection(page, payment_shapes.payment)


def _shown(found: Payment | None) -> Answer | None:
    return payment_shapes.payment(found) if found else None


_second_factor = _directory.has_second_factor if config.second_factor else None
handler: Callable[[Answer, Any], Answer] = handler_of(app, Guard(_people, has_second_factor=_second_factor))
