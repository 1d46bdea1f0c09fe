"""The settings of functions of orders."""

from studio.settings.people import Administrators


class OrdersApi(Administrators):
    """Settings of the function behind orders; a payment takes `payment_seconds` at most."""

    people_table: str
    documents_table: str
    photos_table: str
    quotes_table: str
    requests_table: str
    orders_table: str
    order_documents_table: str
    print_orders_table: str
    jobs_table: str
    payments_table: str
    audit_table: str
    payment_seconds: int


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
