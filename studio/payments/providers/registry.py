"""The payment providers: one line for each."""

from collections.abc import Mapping

from studio.payments.model import PaymentProvider
from studio.payments.providers.protocol import Provider
from studio.payments.providers.stripe.provider import Stripe
from studio.payments.providers.vnpay.provider import Vnpay

_ALL: tuple[Provider, ...] = (
    Vnpay(),
    Stripe(),
)

PROVIDERS: Mapping[PaymentProvider, Provider] = {provider.name: provider for provider in _ALL}
