"""Configuration: typed, read once at start. A missing or bad value stops the function and names the variable."""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


class SettingError(RuntimeError):
    """An environment variable is missing or cannot be read as its type."""


def _mapping(text: str) -> dict[str, str]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise TypeError("not a JSON object")
    return value


def _flag(text: str) -> bool:
    if text not in {"true", "false"}:
        raise ValueError("neither true nor false")
    return text == "true"


_READERS: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: int,
    float: float,
    bool: _flag,
    dict[str, str]: _mapping,
}


def read(record: type[T], environment: Mapping[str, str] = os.environ) -> T:
    """Fill a record from the environment: what is annotated as `jobs_table` is read from `JOBS_TABLE`.

    The records below are plain classes: a dozen dataclasses, of which a function needs one, would cost every cold start
    5 ms.

    Raises
    ------
    SettingError
        A variable is missing or is not of the field's type (str, int, float, bool or a JSON object of strings).
    """
    settings = record()
    for name, kind in get_type_hints(record).items():
        setattr(settings, name, _one(name.upper(), kind, environment))
    return settings


def function_megabytes(environment: Mapping[str, str] = os.environ) -> int:
    """Return how large this function is, as Lambda says; anywhere else as large as a worker."""
    return int(environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024"))


def _one(name: str, kind: Any, environment: Mapping[str, str]) -> Any:
    if name not in environment:
        raise SettingError(f"{name} is not set")
    try:
        return _READERS[kind](environment[name])
    except (ValueError, TypeError) as error:
        raise SettingError(f"{name} is not a {getattr(kind, '__name__', kind)}") from error


class Signing:
    """Who signs links; without a domain it is S3, otherwise the key that `secret` names."""

    media_bucket: str
    downloads_domain: str
    downloads_secret: str


class Downloads(Signing):
    """Who signs links, and for how many seconds."""

    link_seconds: int


class Administrators:
    """Where administrators are asked for: `second_factor` says whether they need one, which Cognito knows of."""

    user_pool_id: str
    second_factor: bool


class PersonCreation:
    """Where people's rows are made; `addresses_secret` holds the keys that addresses are remembered under."""

    people_table: str
    ledger_table: str
    usage_table: str
    addresses_table: str
    addresses_secret: str
    sign_up_points: int


class JobsApi(Downloads, Administrators, PersonCreation):
    """Settings of the function behind the job fields; times in seconds; `workers` as in Dispatching."""

    jobs_table: str
    requests_table: str
    uploads_table: str
    workers: dict[str, str]
    free_images_per_day: int
    job_ttl_days: int
    running_jobs: int
    lease_seconds: int
    deadline_seconds: int
    patient_deadline_seconds: int


class AlbumsApi(Downloads, PersonCreation):
    """Settings of the function behind albums and collages; times in seconds."""

    documents_table: str
    photos_table: str
    jobs_table: str
    requests_table: str
    uploads_table: str
    user_pool_id: str
    job_ttl_days: int
    running_jobs: int
    lease_seconds: int
    deadline_seconds: int


class MediaApi(Downloads):
    """Settings of the function behind uploads."""

    uploads_table: str
    documents_table: str
    people_table: str


class PeopleApi(Administrators, PersonCreation):
    """Settings of the function behind people, usage and points; `workers` as in Dispatching."""

    requests_table: str
    audit_table: str
    accounts_reconciler: str
    workers: dict[str, str]
    free_images_per_day: int


class PaymentsApi(Administrators, PersonCreation):
    """Settings of the function behind payments and exchange rates.

    `vnpay_secret` holds {tmnCode, hashSecret} and `stripe_secret` {apiKey}. `vnpay_url` is its pay page; `stripe_url`
    where Stripe's API is, empty for its own address. `web_origins` are those that a payer may come back to, comma
    separated, or * for any; `return_url` is the stage's own page.
    """

    payments_table: str
    payment_events_table: str
    requests_table: str
    orders_table: str
    rates_table: str
    audit_table: str
    vnpay_secret: str
    vnpay_url: str
    stripe_secret: str
    stripe_url: str
    web_origins: str
    return_url: str
    payment_seconds: int


class OrdersApi(Administrators):
    """Settings of the function behind orders; a payment takes `payment_seconds` at most."""

    people_table: str
    documents_table: str
    photos_table: str
    quotes_table: str
    requests_table: str
    orders_table: str
    order_documents_table: str
    jobs_table: str
    payments_table: str
    audit_table: str
    payment_seconds: int


class EventTables:
    """The tables in which notices of payments are acted on."""

    payments_table: str
    payment_events_table: str
    people_table: str
    ledger_table: str
    orders_table: str
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
    Stripe's events of live mode are ours, or those of test mode.
    """

    vnpay_secret: str
    stripe_webhook_secret: str
    stripe_live: bool


class Printing(Signing):
    """Settings of what takes orders further at the printer.

    `printer_secret` holds {apiKey}; at `printer_url` is its API, at `printer_callback_url` it tells us of changes.
    """

    print_orders_table: str
    printer_url: str
    printer_secret: str
    printer_callback_url: str


class PrinterCallbacks:
    """Settings of the function that the printer calls: it has no key of the printer's."""

    print_orders_table: str


class SignUp(PersonCreation):
    """Settings of Cognito's triggers PostConfirmation and PostAuthentication."""


class Rates:
    """Settings of the refresh of exchange rates."""

    rates_table: str
    rates_url: str


class AccountsReconciler:
    """Settings of what finishes changes of people, and removes those who leave; `boards_queue` is a URL."""

    jobs_table: str
    people_table: str
    ledger_table: str
    requests_table: str
    uploads_table: str
    usage_table: str
    payments_table: str
    payment_events_table: str
    orders_table: str
    order_documents_table: str
    quotes_table: str
    audit_table: str
    documents_table: str
    photos_table: str
    media_bucket: str
    user_pool_id: str
    boards_queue: str


class Dispatching:
    """Settings of dispatch and refunds; `workers` maps a worker's name to its function."""

    jobs_table: str
    people_table: str
    ledger_table: str
    usage_table: str
    requests_table: str
    workers: dict[str, str]


class Sweeper(Dispatching):
    """Settings of the schedule that finishes what was left behind."""

    documents_table: str
    photos_table: str
    media_bucket: str
    lease_seconds: int


class JobsStream(Dispatching):
    """Settings of what follows a change of a job; the queues are URLs, `unread_queue` that of its dead letters."""

    orders_table: str
    boards_queue: str
    unread_queue: str


class Publish(Downloads):
    """Settings of the function that publishes to subscribers; `unread_queue` is the URL of its dead letters."""

    jobs_table: str
    payments_table: str
    documents_table: str
    photos_table: str
    orders_table: str
    graphql_url: str
    unread_queue: str


class PaymentsStream:
    """Settings of what follows a change of a payment; the queues are URLs, `unread_queue` that of its dead letters.

    `payments_reconciler` is the function that has money sent back.
    """

    mail_queue: str
    payments_reconciler: str
    unread_queue: str


class Fulfilling:
    """The tables of what brings orders on, and how long a rendering may take, and stays; times in seconds."""

    orders_table: str
    order_documents_table: str
    print_orders_table: str
    jobs_table: str
    payments_table: str
    audit_table: str
    job_ttl_days: int
    lease_seconds: int
    deadline_seconds: int


class OrdersReconciler(Fulfilling):
    """Settings of the schedule that ends unpaid orders, and finishes what fulfilment began."""


class Fulfilment(Fulfilling):
    """Settings of what follows a change of an order; the queues are URLs, `mail_queue` empty where there is no mail."""

    mail_queue: str
    unread_queue: str


class UnsubscribeKeys:
    """`mail_secret` holds the keys of the links that stop notices, by name; the first one signs."""

    people_table: str
    mail_secret: str


class Mail(UnsubscribeKeys):
    """Settings of the function that sends mails; `mail_lost` is the URL of the dead letters' queue.

    `mail_from` is the sender as a mail shows it, `mail_set` SES's configuration set, `unsubscribe_url` the page where
    notices are stopped.
    """

    mails_table: str
    mail_from: str
    mail_set: str
    mail_lost: str
    unsubscribe_url: str


class MailFeedback:
    """Settings of the function that receives bounces and complaints of mails."""

    people_table: str


class Unsubscribe(UnsubscribeKeys):
    """Settings of the page where notices are stopped."""


class Archive:
    """Settings of the function that archives the ledger and the audit trail."""

    archive_bucket: str


class Resizer:
    """Settings of the function that looks at new images and makes their smaller sizes."""

    jobs_table: str
    uploads_table: str
    documents_table: str
    photos_table: str
    media_bucket: str
    boards_queue: str
    upload_ttl_days: int


class Worker:
    """Settings that every worker has."""

    jobs_table: str
    media_bucket: str
    provider_models: dict[str, str]
    retry_base_seconds: float
    attempt_seconds: float
    lease_seconds: int


class InferenceDone:
    """Settings of the function that receives the ends of asynchronous inferences; the models' names are endpoints'."""

    jobs_table: str
    media_bucket: str
    provider_models: dict[str, str]


class DocumentsWorker:
    """Settings of the worker that renders documents."""

    jobs_table: str
    media_bucket: str
    retry_base_seconds: float
    attempt_seconds: float
    lease_seconds: int


class Browser(Worker):
    """Settings of the browser worker, whose models are pages; an empty `chromium` means Playwright's own."""

    chromium: str
    chromium_flags: str


class Boards:
    """Settings of the function that links images to boards; `boards_lost` is the URL of the dead letters' queue."""

    jobs_table: str
    uploads_table: str
    firebase_project: str
    firebase_secret: str
    boards_lost: str


class Vertex(Worker):
    """Settings of the Vertex worker; an empty endpoint means Google's own, an empty date the one Google names.

    `imagen_models` maps the catalogue's names to the Imagen models that do their edits until they retire.
    """

    vertex_project: str
    vertex_location: str
    vertex_endpoint: str
    vertex_secret: str
    imagen_models: dict[str, str]
    imagen_location: str
    imagen_retires_on: str


class Bedrock(Worker):
    """Settings of the Bedrock worker; `bedrock_regions` says for each of its models where it is asked."""

    bedrock_regions: dict[str, str]
