"""What a merchant asks a Checkout Session to be."""

from dataclasses import dataclass
from typing import Final

from local.bank.rates import START as RATES
from local.bank.stripe_error import StripeError, missing
from local.bank.stripe_form import Form, Json

MINUTE: Final = 60
SHORTEST, LONGEST = 30 * MINUTE, 24 * 60 * MINUTE
MAX_REFERENCE = 200
MAX_AMOUNT = 99_999_999
# What Stripe says that a charge must have at least; of other currencies as much as half a US dollar is worth.
# https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts
MINIMUM: Final = {
    **dict.fromkeys(("usd", "aud", "brl", "cad", "chf", "eur", "inr", "nzd", "sgd"), 50),
    "aed": 200,
    "bgn": 100,
    "czk": 1500,
    "dkk": 250,
    "gbp": 30,
    "hkd": 400,
    "huf": 17500,
    "jpy": 50,
    "mxn": 1000,
    "myr": 200,
    "nok": 300,
    "pln": 200,
    "ron": 200,
    "sek": 300,
    "thb": 1000,
    "vnd": round(RATES["VND"] / 2),
}
# The parameters that this stand-in takes; Stripe has more.
SESSION = frozenset(
    {"mode", "ui_mode", "line_items", "success_url", "cancel_url", "expires_at", "client_reference_id", "metadata"}
    | {"payment_intent_data", "payment_method_types", "customer_email", "locale", "submit_type"}
)
LINE = frozenset({"price_data", "quantity"})
PRICE = frozenset({"currency", "unit_amount", "product_data"})
PRODUCT = frozenset({"name", "description", "metadata"})
INTENT = frozenset({"metadata", "description"})


@dataclass(frozen=True)
class Line:
    """One line of what is sold."""

    name: str
    quantity: int
    unit_amount: int
    currency: str

    @classmethod
    def read(cls, form: Form) -> "Line":
        """Raises StripeError."""
        price = form.object("price_data", PRICE)
        amount = price.number("unit_amount")
        if amount is None:
            raise missing("line_items[0][price_data][unit_amount]")
        name = price.object("product_data", PRODUCT).needed("name")
        return cls(name, form.number("quantity") or 1, amount, price.needed("currency").lower())


@dataclass(frozen=True)
class SessionParams:
    """A session's parameters."""

    lines: tuple[Line, ...]
    success_url: str
    cancel_url: str | None
    reference: str | None
    email: str | None
    locale: str | None
    submit_type: str | None
    metadata: dict[str, str]
    intent_metadata: dict[str, str]
    description: str | None
    expires_at: int

    @property
    def currency(self) -> str:
        return self.lines[0].currency

    @property
    def amount(self) -> int:
        return sum(line.quantity * line.unit_amount for line in self.lines)

    @classmethod
    def read(cls, params: Json, now: int) -> "SessionParams":
        """Read the parameters of a new session. Raises StripeError."""
        form = Form(params, SESSION)
        _check_kind(form)
        intent = form.object("payment_intent_data", INTENT)
        success_url = form.url("success_url")
        if success_url is None:
            raise missing("success_url")
        return cls(
            lines=_lines(form),
            success_url=success_url,
            cancel_url=form.url("cancel_url"),
            reference=_reference(form),
            email=form.text("customer_email"),
            locale=form.text("locale"),
            submit_type=form.text("submit_type"),
            metadata=form.metadata(),
            intent_metadata=intent.metadata(),
            description=intent.text("description"),
            expires_at=_expires_at(form, now),
        )


def _check_kind(form: Form) -> None:
    if form.needed("mode") != "payment":
        raise StripeError(400, "This stand-in has sessions of the mode payment only.", param="mode")
    if form.text("ui_mode") not in {None, "hosted_page"}:
        raise StripeError(400, "This stand-in has hosted pages only.", param="ui_mode")


def _lines(form: Form) -> tuple[Line, ...]:
    lines = tuple(Line.read(line) for line in form.objects("line_items", LINE))
    if len({line.currency for line in lines}) > 1:
        raise StripeError(400, "All line items must have the same currency.", param="line_items")
    if sum(line.quantity * line.unit_amount for line in lines) > MAX_AMOUNT:
        message = "The Checkout Session's total amount must be no more than eight digits."
        raise StripeError(400, message, code="amount_too_large", param="line_items")
    _check_minimum(lines)
    return lines


def _check_minimum(lines: tuple[Line, ...]) -> None:
    currency = lines[0].currency
    if currency not in MINIMUM:
        raise StripeError(400, f"This stand-in knows no currency {currency}.", param="currency")
    if sum(line.quantity * line.unit_amount for line in lines) < MINIMUM[currency]:
        least = f"{MINIMUM[currency]} of the smallest unit of {currency}"
        message = f"The Checkout Session's total amount due must add up to at least {least}."
        raise StripeError(400, message, code="amount_too_small", param="line_items")


def _reference(form: Form) -> str | None:
    reference = form.text("client_reference_id")
    if reference and len(reference) > MAX_REFERENCE:
        message = f"Invalid string: {reference[:10]}...; must be at most {MAX_REFERENCE} characters"
        raise StripeError(400, message, param="client_reference_id")
    return reference


def _expires_at(form: Form, now: int) -> int:
    asked = form.number("expires_at")
    if asked is None:
        return now + LONGEST
    bound = "at least 30 minutes" if asked < now + SHORTEST else "less than 24 hours" if asked > now + LONGEST else ""
    if bound:
        message = f"The `expires_at` timestamp must be {bound} from Checkout Session creation."
        raise StripeError(400, message, param="expires_at")
    return asked
