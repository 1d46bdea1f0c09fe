"""The fields of payments: what can be bought, paying for it, and exchange rates."""

from infra.access import CHECK, CREATE_PERSON, GET, GET_MANY, PUT, SETTLE, UPDATE, Access
from infra.cognito import LOOK_UP
from infra.declaration import Fields, FunctionSpec
from studio.settings.payments import PaymentsApi

FUNCTION = FunctionSpec(
    name="payments-api",
    stack="api",
    handler="resolvers.fields.payments.handler",
    group="payments",
    settings=PaymentsApi,
    timeout=29,  # it may have to ask Stripe, twice
    trigger=Fields(
        "payments",
        (
            "Query.pointPackages",
            "Query.payment",
            "Query.payments",
            "Query.paymentsByStatus",
            "Query.paymentEvents",
            "Query.exchangeRate",
            "Mutation.createPayment",
            "Mutation.cancelPayment",
            "Mutation.resolvePayment",
            "Mutation.refundPayment",
            "Mutation.setExchangeRate",
            "Subscription.onPayment",
        ),
    ),
    access=Access(
        tables={
            **CREATE_PERSON,
            **SETTLE,
            "Payments": (GET, GET_MANY, PUT, UPDATE),
            "PaymentEvents": (GET_MANY,),
            "People": (GET, PUT, UPDATE, CHECK),
            "Requests": (GET, PUT),
            "Rates": (GET, UPDATE),
        },
        indexes={"Payments": ("byOwner", "byStatus"), "PaymentEvents": ("byPayment", "open")},
    ),
    users=LOOK_UP,
)
