"""VNPAY 2.1.0: what it takes, and its parts as the stage's settings make them."""

from typing import TYPE_CHECKING, ClassVar
from urllib.parse import parse_qsl

import urllib3

from studio.money import Currency
from studio.payments.model import PaymentProvider
from studio.payments.notice import Notice
from studio.payments.providers.vnpay import events
from studio.secrets import Secret
from studio.settings import payments as settings

if TYPE_CHECKING:
    from studio.payments.providers.vnpay.api import VnpayApi
    from studio.payments.providers.vnpay.checkout import VnpayCheckout
    from studio.payments.providers.vnpay.query import VnpayQuery
    from studio.payments.providers.vnpay.refunds import VnpayRefunds
    from studio.payments.providers.vnpay.webhook import VnpayWebhook

# What only one function of the stage needs is imported there: each costs the others' cold starts.


class Vnpay:
    """VNPAY, which has one secret for all that it signs and we sign."""

    name: ClassVar = PaymentProvider.VNPAY
    title: ClassVar = "VNPAY"
    currencies: ClassVar = frozenset({Currency.VND})
    most: ClassVar = 999_999_999  # "dưới 1 tỷ đồng", says its pay page

    def read(self, body: str) -> Notice:
        return events.read(dict(parse_qsl(body)))

    def checkout(self, config: settings.PaymentsApi) -> "VnpayCheckout":
        from studio.payments.providers.vnpay.checkout import VnpayCheckout  # noqa: PLC0415

        return VnpayCheckout(Secret(config.vnpay_secret), config.vnpay_url)

    def webhook(self, config: settings.Webhooks) -> "VnpayWebhook":
        from studio.payments.providers.vnpay.webhook import VnpayWebhook  # noqa: PLC0415

        return VnpayWebhook(Secret(config.vnpay_secret))

    def status_query(self, config: settings.PaymentsReconciler) -> "VnpayQuery":
        from studio.payments.providers.vnpay.query import VnpayQuery  # noqa: PLC0415

        return VnpayQuery(_api(config))

    def refunds(self, config: settings.PaymentsReconciler) -> "VnpayRefunds":
        from studio.payments.providers.vnpay.query import VnpayQuery  # noqa: PLC0415
        from studio.payments.providers.vnpay.refunds import VnpayRefunds  # noqa: PLC0415

        api = _api(config)
        return VnpayRefunds(api, VnpayQuery(api))


def _api(config: settings.PaymentsReconciler) -> "VnpayApi":
    from studio.payments.providers.vnpay.api import VnpayApi  # noqa: PLC0415

    return VnpayApi(Secret(config.vnpay_secret), config.vnpay_query_url, urllib3.PoolManager())
