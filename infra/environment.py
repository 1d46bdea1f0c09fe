"""The environment of each function, from the stage's record; `studio.settings` reads it back."""

import json
import re

from infra.data import Data
from infra.functions import ACCOUNTS_RECONCILER, function_name, workers
from infra.providers import Browser, Names
from infra.stages import Stage

Variables = dict[str, str]

# Who hears events needs no key that asks Stripe, and who asks it none that events are signed with. VNPAY has one key
# for both.
_PAYMENT_SECRETS = {"VNPAY_SECRET": "vnpay", "STRIPE_SECRET": "stripe", "STRIPE_WEBHOOK_SECRET": "stripe-webhook"}


def tables(data: Data, *names: str) -> Variables:
    words = {name: re.sub(r"\B(?=[A-Z])", "_", name).upper() for name in names}
    return {f"{words[name]}_TABLE": data.tables[name].table_name for name in names}


def media(data: Data) -> Variables:
    return {"MEDIA_BUCKET": data.media.bucket_name}


def downloads(stage: Stage, data: Data) -> Variables:
    """Return what those who sign links read; empty is S3's own links."""
    return {
        **media(data),
        "LINK_SECONDS": str(stage.limits.link_seconds),
        "DOWNLOADS_DOMAIN": data.downloads.domain if data.downloads else "",
        "DOWNLOADS_SECRET": data.downloads.secret if data.downloads else "",
    }


def jobs_api(stage: Stage, data: Data, user_pool_id: str) -> Variables:
    limits = stage.limits
    return {
        **tables(data, "Jobs", "Requests", "Uploads"),
        **downloads(stage, data),
        **_newcomers(stage, data),
        **_workers(stage),
        **_administrators(stage, user_pool_id),
        "FREE_IMAGES_PER_DAY": str(limits.free_images_per_day),
        "JOB_TTL_DAYS": str(limits.job_ttl_days),
        "RUNNING_JOBS": str(limits.running_jobs),
        "LEASE_SECONDS": str(limits.lease_seconds),
        "DEADLINE_SECONDS": str(limits.deadline_seconds),
        "PATIENT_DEADLINE_SECONDS": str(limits.patient_deadline_seconds),
    }


def people_api(stage: Stage, data: Data, user_pool_id: str) -> Variables:
    return {
        **tables(data, "Requests", "Audit"),
        **_newcomers(stage, data),
        **_workers(stage),
        "ACCOUNTS_RECONCILER": function_name(stage.name, ACCOUNTS_RECONCILER),
        **_administrators(stage, user_pool_id),
        "FREE_IMAGES_PER_DAY": str(stage.limits.free_images_per_day),
    }


def media_api(stage: Stage, data: Data) -> Variables:
    return {**tables(data, "Uploads", "People"), **downloads(stage, data)}


def sign_up(stage: Stage, data: Data) -> Variables:
    return _newcomers(stage, data)


def accounts_reconciler(data: Data, user_pool_id: str, boards_queue: str) -> Variables:
    return {
        **tables(data, "Jobs", "People", "Ledger", "Requests", "Uploads", "Usage", "Payments", "PaymentEvents"),
        **media(data),
        "USER_POOL_ID": user_pool_id,
        "BOARDS_QUEUE": boards_queue,
    }


def _dispatching(stage: Stage, data: Data) -> Variables:
    return {**tables(data, "Jobs", "People", "Ledger", "Usage", "Requests"), **_workers(stage)}


def sweeper(stage: Stage, data: Data) -> Variables:
    return {**_dispatching(stage, data), **media(data), "LEASE_SECONDS": str(stage.limits.lease_seconds)}


def rates(stage: Stage, data: Data) -> Variables:
    return {**tables(data, "Rates"), "RATES_URL": stage.money.rates_url}


def jobs_stream(stage: Stage, data: Data, boards_queue: str) -> Variables:
    return {**_dispatching(stage, data), "BOARDS_QUEUE": boards_queue}


def publish(stage: Stage, data: Data, graphql_url: str) -> Variables:
    return {**downloads(stage, data), "GRAPHQL_URL": graphql_url}


def archive(data: Data) -> Variables:
    return {"ARCHIVE_BUCKET": data.archive.bucket_name}


def resizer(stage: Stage, data: Data, boards_queue: str) -> Variables:
    return {
        **tables(data, "Jobs", "Uploads"),
        **media(data),
        "UPLOAD_TTL_DAYS": str(stage.limits.upload_ttl_days),
        "BOARDS_QUEUE": boards_queue,
    }


def boards(stage: Stage, data: Data, secret: str, lost: str) -> Variables:
    emulator = {"FIRESTORE_EMULATOR_HOST": stage.machine.firestore_host} if stage.machine else {}
    return {
        **tables(data, "Jobs", "Uploads"),
        "FIREBASE_PROJECT": stage.firebase_project,
        "FIREBASE_SECRET": secret,
        "BOARDS_LOST": lost,
        **emulator,
    }


def payments_api(stage: Stage, data: Data, user_pool_id: str, return_url: str) -> Variables:
    money = stage.money
    return {
        **_settling(data),
        **tables(data, "Requests", "Rates"),
        **_newcomers(stage, data),
        **payment_secrets(stage, "VNPAY_SECRET", "STRIPE_SECRET"),
        **_administrators(stage, user_pool_id),
        "VNPAY_URL": money.vnpay_url,
        "STRIPE_URL": money.stripe_url,
        "WEB_ORIGINS": ",".join(stage.web_origins),
        "RETURN_URL": return_url,
        "PAYMENT_SECONDS": str(stage.limits.payment_seconds),
    }


def webhooks(stage: Stage, data: Data) -> Variables:
    secrets = payment_secrets(stage, "VNPAY_SECRET", "STRIPE_WEBHOOK_SECRET")
    return {**_settling(data), **secrets, "STRIPE_LIVE": json.dumps(stage.money.stripe_live)}


def payments_reconciler(stage: Stage, data: Data) -> Variables:
    secrets = payment_secrets(stage, "VNPAY_SECRET")
    return {**_settling(data), **secrets, "VNPAY_QUERY_URL": stage.money.vnpay_query_url}


def _settling(data: Data) -> Variables:
    return tables(data, "Payments", "PaymentEvents", "People", "Ledger", "Audit")


def payment_secrets(stage: Stage, *variables: str) -> Variables:
    """Return the names of secrets that are made by hand, each of the variable that tells it."""
    return {variable: f"namo/{stage.name}/{_PAYMENT_SECRETS[variable]}" for variable in variables}


def worker(stage: Stage, data: Data, models: Names) -> Variables:
    """Return what every worker reads; `models` are its provider's names by ours."""
    limits = stage.limits
    return {
        **inference_done(data, models),
        "RETRY_BASE_SECONDS": str(limits.retry_base_seconds),
        "ATTEMPT_SECONDS": str(limits.attempt_seconds),
        "LEASE_SECONDS": str(limits.lease_seconds),
    }


def inference_done(data: Data, models: Names) -> Variables:
    return {**tables(data, "Jobs"), **media(data), "PROVIDER_MODELS": _json(models)}


def vertex(stage: Stage, data: Data, secret: str) -> Variables:
    google = stage.providers.vertex
    return {
        **worker(stage, data, google.models),
        "VERTEX_PROJECT": google.project,
        "VERTEX_LOCATION": google.location,
        "VERTEX_ENDPOINT": google.endpoint,
        "VERTEX_SECRET": secret,
        "IMAGEN_MODELS": _json(google.imagen),
        "IMAGEN_LOCATION": google.imagen_location,
        "IMAGEN_RETIRES_ON": google.imagen_retires_on,
    }


def bedrock(stage: Stage, data: Data) -> Variables:
    amazon = stage.providers.bedrock
    return {
        **worker(stage, data, amazon.models),
        "BEDROCK_REGIONS": _json(amazon.regions),
        **_endpoint(stage, "BEDROCK_RUNTIME"),
    }


def sagemaker(stage: Stage, data: Data, endpoints: Names) -> Variables:
    return {**worker(stage, data, endpoints), **_endpoint(stage, "SAGEMAKER_RUNTIME")}


def browser(stage: Stage, data: Data, provider: Browser) -> Variables:
    # Lambda lets Chromium write below /tmp only; a zip keeps no file executable, so Playwright is given a Node.
    place = {"PLAYWRIGHT_NODEJS_PATH": stage.machine.node} if stage.machine else {"HOME": "/tmp"}  # noqa: S108 - as said
    return {
        **worker(stage, data, provider.pages),
        "CHROMIUM": provider.chromium,
        "CHROMIUM_FLAGS": provider.flags,
        **place,
    }


def _endpoint(stage: Stage, service: str) -> Variables:
    """Say where boto3 finds a service that the emulator has not."""
    return {f"AWS_ENDPOINT_URL_{service}": stage.machine.models_url} if stage.machine else {}


def _workers(stage: Stage) -> Variables:
    return {"WORKERS": _json({spec.name: function_name(stage.name, spec) for spec in workers(stage.providers)})}


def _administrators(stage: Stage, user_pool_id: str) -> Variables:
    return {"USER_POOL_ID": user_pool_id, "SECOND_FACTOR": json.dumps(stage.hardening.second_factor)}


def _newcomers(stage: Stage, data: Data) -> Variables:
    return {
        **tables(data, "People", "Ledger", "Usage", "Addresses"),
        "ADDRESSES_SECRET": addresses_secret(stage),
        "SIGN_UP_POINTS": str(stage.limits.sign_up_points),
    }


def addresses_secret(stage: Stage) -> str:
    """Return the name of the secret with the keys that addresses are remembered under; it is made by hand."""
    return f"namo/{stage.name}/addresses"


def _json(mapping: Names) -> str:
    return json.dumps(dict(mapping), separators=(",", ":"))
