"""The reconciler of payments: applies what was left behind, asks VNPAY, expires, and has money sent back."""

from infra import attributes
from infra.access import GET, GET_MANY, PUT, SETTLE, UPDATE, Access
from infra.declaration import FunctionSpec, Schedule
from studio.settings.payments import PaymentsReconciler

FUNCTION = FunctionSpec(
    name="payments-reconciler",
    stack="payments",
    handler="resolvers.timers.payments_reconciler.handler",
    group="payments",
    settings=PaymentsReconciler,
    timeout=55,  # shorter than its schedule's minute, so that two runs do not overlap
    trigger=Schedule(),
    access=Access(
        tables={**SETTLE, "Payments": (GET, GET_MANY, UPDATE), "PaymentEvents": (GET_MANY, PUT, UPDATE)},
        indexes={"Payments": ("open",), "PaymentEvents": ("open",)},
        changes={"People": attributes.SETTLE},
    ),
)
