"""What payment providers call: VNPAY's IPN, Stripe's webhook, and the page that payers come back to."""

from infra import attributes
from infra.access import PUT, SETTLE, UPDATE, Access
from infra.declaration import FunctionSpec, Routes
from studio.settings.payments import Webhooks

FUNCTION = FunctionSpec(
    name="webhooks",
    stack="payments",
    handler="resolvers.webhooks.payments.handler",
    group="payments",
    settings=Webhooks,
    timeout=10,  # providers wait for an answer, and repeat what got none
    trigger=Routes(
        {"Ipn": "GET /vnpay/ipn", "Webhook": "POST /stripe/webhook", "Return": "GET /return"}, open=("Return",)
    ),
    access=Access(
        tables={**SETTLE, "PaymentEvents": (PUT, UPDATE)},
        changes={"People": attributes.SETTLE},
    ),
)
