"""Stripe: what it takes, and its parts as the stage's settings make them."""

from typing import TYPE_CHECKING, ClassVar

from studio.money import Currency
from studio.payments.model import PaymentProvider
from studio.payments.notice import Notice
from studio.payments.providers.stripe import events
from studio.secrets import Secret
from studio.settings import payments as settings

if TYPE_CHECKING:
    from studio.payments.providers.stripe.checkout import StripeCheckout
    from studio.payments.providers.stripe.refunds import StripeRefunds
    from studio.payments.providers.stripe.webhook import StripeWebhook

# What only one function of the stage needs is imported there: each costs the others' cold starts.


class Stripe:
    """Stripe, whose events come until they are answered: it need not be asked."""

    name: ClassVar = PaymentProvider.STRIPE
    title: ClassVar = "Stripe"
    currencies: ClassVar = frozenset({Currency.USD, Currency.SGD, Currency.VND})
    most: ClassVar = 99_999_999  # eight digits, in any of these

    def read(self, body: str) -> Notice | None:
        return events.read(events.parsed(body.encode()))

    def checkout(self, config: settings.PaymentsApi) -> "StripeCheckout":
        from studio.payments.providers.stripe.checkout import StripeCheckout  # noqa: PLC0415

        return StripeCheckout(Secret(config.stripe_secret), config.stripe_url)

    def webhook(self, config: settings.Webhooks) -> "StripeWebhook":
        from studio.payments.providers.stripe.webhook import StripeWebhook  # noqa: PLC0415

        return StripeWebhook(Secret(config.stripe_webhook_secret), live=config.stripe_live)

    def status_query(self, config: settings.PaymentsReconciler) -> None:  # noqa: ARG002 - protocol's
        return None

    def refunds(self, config: settings.PaymentsReconciler) -> "StripeRefunds":
        from studio.payments.providers.stripe.refunds import StripeRefunds  # noqa: PLC0415

        return StripeRefunds(Secret(config.stripe_refunds_secret), config.stripe_url)
