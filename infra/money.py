"""Whom a stage asks for money, and what it is worth today."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MoneyProviders:
    """Whom people pay through, and who quotes the day's exchange rates.

    VNPAY has its pay page at `vnpay_url`, and says what became of a payment at `vnpay_query_url`. `stripe_url` "" is
    Stripe's own address; `stripe_live` says whether its keys move money, or are for tests.
    """

    vnpay_url: str
    vnpay_query_url: str
    stripe_url: str
    stripe_live: bool
    rates_url: str


# VNPAY's terminal for tests, where no money moves; Stripe has its own by the key that it is asked with.
VNPAY_SANDBOX = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html"
VNPAY_SANDBOX_QUERY = "https://sandbox.vnpayment.vn/merchant_webapi/api/transaction"
# VNPAY names both with the contract.
VNPAY = "https://pay.vnpay.vn/vpcpay.html"
VNPAY_QUERY = "https://merchant.vnpay.vn/merchant_webapi/api/transaction"
RATES = "https://open.er-api.com/v6/latest/USD"
