"""The stages, one typed record each: all that differs between them. Nothing else asks which stage it is."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

REGION = "ap-southeast-1"
ALIASES = {"live": "prod"}

Architecture = Literal["arm64", "x86_64"]


class StageError(ValueError):
    """No such stage, or a stage lacks a context value that only its deployer knows."""


@dataclass(frozen=True)
class Target:
    """What a function's zip is built for. `platform` is uv's name of it; None means this machine."""

    python: str
    platform: str | None
    architecture: Architecture


# Lambda's python3.14 runs on Amazon Linux 2023 (glibc 2.34), which takes every manylinux_2_28 wheel.
LAMBDA = Target("3.14", "aarch64-manylinux_2_28", "arm64")


@dataclass(frozen=True)
class Limits:
    """What people get and how long things may take; times in seconds."""

    sign_up_points: int
    free_images_per_day: int
    job_ttl_days: int
    link_seconds: int
    deadline_seconds: int
    lease_seconds: int
    attempt_seconds: float
    retry_base_seconds: float


@dataclass(frozen=True)
class Hardening:
    """What guards the stage and its data.

    `keep_data` keeps tables, buckets, pools and logs when a stack goes, and protects them from deletion. `audited` runs
    cdk-nag at every synthesis.
    """

    keep_data: bool
    backups: bool
    own_key: bool
    tls_only: bool
    access_logs: bool
    introspection: bool
    password_sign_in: bool
    audited: bool


@dataclass(frozen=True)
class Watching:
    """Logs, traces and alarms."""

    log_level: str
    log_days: int
    tracing: bool
    alarms: bool
    alarm_email: str | None = None


@dataclass(frozen=True)
class Capacity:
    """Sizes. A reserved concurrency caps what a runaway function can cost; None leaves it to the account."""

    api_memory_mb: int
    vertex_memory_mb: int
    vertex_concurrency: int | None
    publish_concurrency: int | None


@dataclass(frozen=True)
class Providers:
    """The models' names at their provider by our names, and where to reach them ("" is the provider's own address)."""

    models: Mapping[str, str]
    vertex_project: str
    vertex_location: str
    vertex_endpoint: str


@dataclass(frozen=True)
class Stage:
    """One stage. `graphql_url` is None where the API's own address is used; `api_key_days` is at most AppSync's 365."""

    name: str
    target: Target
    limits: Limits
    hardening: Hardening
    watching: Watching
    capacity: Capacity
    providers: Providers
    web_origins: tuple[str, ...]
    api_key_days: int
    graphql_url: str | None = None


_MODELS = {"nanobanana-pro": "gemini-3-pro-image", "nanobanana-2": "gemini-3.1-flash-image"}

# An attempt is shorter than the lease, the deadline shorter than a Lambda's 900 seconds: a worker outlives its jobs.
_AWS_LIMITS = Limits(
    sign_up_points=20,
    free_images_per_day=3,
    job_ttl_days=90,
    link_seconds=3600,
    deadline_seconds=840,
    lease_seconds=180,
    attempt_seconds=120,
    retry_base_seconds=1,
)
_LOCAL_LIMITS = replace(
    _AWS_LIMITS, job_ttl_days=30, deadline_seconds=60, lease_seconds=15, attempt_seconds=10, retry_base_seconds=0.05
)

_OPEN = Hardening(
    keep_data=False,
    backups=False,
    own_key=False,
    tls_only=False,
    access_logs=False,
    introspection=True,
    password_sign_in=True,
    audited=False,
)
_DEV = replace(_OPEN, backups=True, tls_only=True, password_sign_in=False, audited=True)
_STAGE = replace(_DEV, keep_data=True, own_key=True, access_logs=True)
_PROD = replace(_STAGE, introspection=False)


def named(name: str, context: Mapping[str, str]) -> Stage:
    """Return the stage of that name, completed by the CDK context.

    Parameters
    ----------
    name
        local, dev, stage, prod, or live (prod's alias).
    context
        Stage local needs `graphqlUrl` and `vertexEndpoint`. The others take `vertexProject` (default namo-<stage>),
        `vertexLocation` (default global), `webOrigins` (comma separated) and `alarmEmail`.

    Raises
    ------
    StageError
        No such stage, or a value is missing.
    """
    makers = {"local": _local, "dev": _dev, "stage": _stage, "prod": _prod}
    name = ALIASES.get(name, name)
    if name not in makers:
        raise StageError(f"no stage {name!r}: there are {', '.join(makers)} (and live, which is prod)")
    return makers[name](context)


def _local(context: Mapping[str, str]) -> Stage:
    return Stage(
        name="local",
        target=_this_machine(),
        limits=_LOCAL_LIMITS,
        hardening=_OPEN,
        watching=Watching("DEBUG", log_days=1, tracing=False, alarms=False),
        capacity=Capacity(512, 1024, vertex_concurrency=None, publish_concurrency=None),
        providers=Providers(_MODELS, "namo-local", "global", _required(context, "vertexEndpoint")),
        web_origins=("*",),
        api_key_days=365,
        graphql_url=_required(context, "graphqlUrl"),
    )


def _dev(context: Mapping[str, str]) -> Stage:
    stage = _on_aws("dev", context, _DEV, Watching("DEBUG", log_days=7, tracing=True, alarms=True))
    return replace(
        stage,
        limits=replace(_AWS_LIMITS, job_ttl_days=30),
        capacity=Capacity(512, 1024, vertex_concurrency=5, publish_concurrency=5),
        web_origins=stage.web_origins or ("http://localhost:5173",),
        api_key_days=90,
    )


def _stage(context: Mapping[str, str]) -> Stage:
    stage = _on_aws("stage", context, _STAGE, Watching("INFO", log_days=30, tracing=True, alarms=True))
    return replace(stage, capacity=Capacity(512, 1024, vertex_concurrency=10, publish_concurrency=10), api_key_days=180)


def _prod(context: Mapping[str, str]) -> Stage:
    return _on_aws("prod", context, _PROD, Watching("INFO", log_days=90, tracing=True, alarms=True))


def _on_aws(name: str, context: Mapping[str, str], hardening: Hardening, watching: Watching) -> Stage:
    """Return a stage of full size; what the smaller ones have less of, they say themselves."""
    project, location = context.get("vertexProject", f"namo-{name}"), context.get("vertexLocation", "global")
    return Stage(
        name=name,
        target=LAMBDA,
        limits=_AWS_LIMITS,
        hardening=hardening,
        watching=replace(watching, alarm_email=context.get("alarmEmail")),
        capacity=Capacity(512, 1024, vertex_concurrency=50, publish_concurrency=25),
        providers=Providers(_MODELS, project, location, ""),
        web_origins=_origins(context),
        api_key_days=365,
    )


def _origins(context: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, (origin.strip() for origin in context.get("webOrigins", "").split(","))))


def _required(context: Mapping[str, str], key: str) -> str:
    if key not in context:
        raise StageError(f"stage local needs the context value {key}")
    return context[key]


def _this_machine() -> Target:
    architecture: Architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", None, architecture)
