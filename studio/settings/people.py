"""The settings of functions of people and their accounts."""

from studio.settings.media import Downloads


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


class PeopleApi(Administrators, PersonCreation, Downloads):
    """Settings of the function behind people, usage and points; `workers` and `retirements` as in JobsApi."""

    uploads_table: str
    media_bucket: str

    requests_table: str
    audit_table: str
    accounts_reconciler: str
    workers: dict[str, str]
    retirements: dict[str, str]
    free_images_per_day: int


class SignUp(PersonCreation):
    """Settings of Cognito's triggers PostConfirmation and PostAuthentication."""


class AccountsReconciler:
    """Settings of what finishes changes of people, and removes those who leave."""

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
