"""The settings of functions of payments and exchange rates."""

from studio.settings.people import Administrators, PersonCreation


class GoodsTables:
    """The tables that a payment's goods are delivered in."""

    people_table: str
    ledger_table: str
    orders_table: str


class PaymentsApi(Administrators, PersonCreation, GoodsTables):
    """Settings of the function behind payments and exchange rates.

    `vnpay_secret` holds {tmnCode, hashSecret} and `stripe_secret` {apiKey}. `vnpay_url` is its pay page; `stripe_url`
    where Stripe's API is, empty for its own address. `web_origins` are those that a payer may come back to, comma
    separated, or * for any; `return_url` is the stage's own page.
    """

    payments_table: str
    payment_events_table: str
    requests_table: str
    rates_table: str
    audit_table: str
    vnpay_secret: str
    vnpay_url: str
    stripe_secret: str
    stripe_url: str
    web_origins: str
    return_url: str
    payment_seconds: int


class EventTables(GoodsTables):
    """The tables in which notices of payments are acted on."""

    payments_table: str
    payment_events_table: str
    audit_table: str


class PaymentsReconciler(EventTables):
    """Settings of the schedule that finishes what notices of payments began, and has money sent back.

    VNPAY is asked at `vnpay_query_url`; `stripe_refunds_secret` holds {apiKey}, a key that may refund and nothing else.
    """

    vnpay_secret: str
    vnpay_query_url: str
    stripe_refunds_secret: str
    stripe_url: str


class Webhooks(EventTables):
    """Settings of the function that payment providers call.

    `vnpay_secret` as in PaymentsApi; `stripe_webhook_secret` holds {webhookSecret}; `stripe_live` says whether
    Stripe's events of live mode are ours, or those of test mode. `studio_url` is where a payer who has come back goes
    on; empty where the stage has no page.
    """

    vnpay_secret: str
    stripe_webhook_secret: str
    stripe_live: bool
    studio_url: str


class PaymentsStream:
    """Settings of what follows a change of a payment; the queues are URLs, `unread_queue` that of its dead letters.

    `payments_reconciler` is the function that has money sent back.
    """

    mail_queue: str
    payments_reconciler: str
    unread_queue: str


class Rates:
    """Settings of the refresh of exchange rates."""

    rates_table: str
    rates_url: str
