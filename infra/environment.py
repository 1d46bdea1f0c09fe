"""The environment of each function, from the stage's record; `studio.settings` reads it back."""

import json
from collections.abc import Mapping

from infra.data import Data
from infra.functions import WORKERS, function_name
from infra.stages import Stage

Variables = dict[str, str]


def tables(data: Data, *names: str) -> Variables:
    return {f"{name.upper()}_TABLE": data.tables[name].table_name for name in names}


def media(data: Data) -> Variables:
    return {"MEDIA_BUCKET": data.media.bucket_name}


def jobs_api(stage: Stage, data: Data, user_pool_id: str) -> Variables:
    limits = stage.limits
    return {
        **tables(data, "Jobs", "People", "Ledger", "Requests", "Usage"),
        **media(data),
        **_newcomer(stage),
        "USER_POOL_ID": user_pool_id,
        "FREE_IMAGES_PER_DAY": str(limits.free_images_per_day),
        "JOB_TTL_DAYS": str(limits.job_ttl_days),
        "LINK_SECONDS": str(limits.link_seconds),
        "LEASE_SECONDS": str(limits.lease_seconds),
        "DEADLINE_SECONDS": str(limits.deadline_seconds),
    }


def people_api(stage: Stage, data: Data, user_pool_id: str) -> Variables:
    return {
        **tables(data, "People", "Ledger", "Requests", "Usage"),
        **_newcomer(stage),
        "USER_POOL_ID": user_pool_id,
        "FREE_IMAGES_PER_DAY": str(stage.limits.free_images_per_day),
    }


def sign_up(stage: Stage, data: Data) -> Variables:
    return {**tables(data, "People", "Ledger"), **_newcomer(stage)}


def jobs_stream(stage: Stage, data: Data) -> Variables:
    workers = {name: function_name(stage.name, spec) for name, spec in WORKERS.items()}
    return {
        **tables(data, "Jobs", "People", "Ledger", "Usage"),
        "WORKERS": _json(workers),
        "LEASE_SECONDS": str(stage.limits.lease_seconds),
    }


def publish(stage: Stage, data: Data, graphql_url: str) -> Variables:
    return {**media(data), "GRAPHQL_URL": graphql_url, "LINK_SECONDS": str(stage.limits.link_seconds)}


def vertex(stage: Stage, data: Data, secret: str) -> Variables:
    limits, providers = stage.limits, stage.providers
    return {
        **tables(data, "Jobs"),
        **media(data),
        "PROVIDER_MODELS": _json(providers.models),
        "RETRY_BASE_SECONDS": str(limits.retry_base_seconds),
        "ATTEMPT_SECONDS": str(limits.attempt_seconds),
        "LEASE_SECONDS": str(limits.lease_seconds),
        "VERTEX_PROJECT": providers.vertex_project,
        "VERTEX_LOCATION": providers.vertex_location,
        "VERTEX_ENDPOINT": providers.vertex_endpoint,
        "VERTEX_SECRET": secret,
    }


def _newcomer(stage: Stage) -> Variables:
    return {"SIGN_UP_POINTS": str(stage.limits.sign_up_points)}


def _json(mapping: Mapping[str, str]) -> str:
    return json.dumps(dict(mapping), separators=(",", ":"))
