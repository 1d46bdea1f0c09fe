"""The stages, one typed record each: all that differs between them. Nothing else asks which stage it is."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from infra.deployment import Deployment, DeploymentError, DeveloperDeployment, PublicDeployment, checked, read
from infra.limits import AWS_LIMITS, LOCAL_LIMITS, Concurrency, Limits
from infra.money import RATES, VNPAY, VNPAY_QUERY, VNPAY_SANDBOX, VNPAY_SANDBOX_QUERY, MoneyProviders
from infra.providers import (
    BEDROCK,
    GEMINI,
    PRODIGI,
    PRODIGI_SANDBOX,
    Browser,
    Hosting,
    LocalMachine,
    Providers,
    SageMaker,
    Vertex,
)

REGION = "ap-southeast-1"
SENDER = "NamO Studio"
ALIASES = {"live": "prod"}

Architecture = Literal["arm64", "x86_64"]


class StageError(ValueError):
    """No such stage, or a value that only its deployer knows is missing or not what it may be."""


@dataclass(frozen=True)
class Target:
    """What a function is built for. `platform` is uv's name of it; None means this machine.

    `containers` says whether functions can be container images there; if not, a zip has to do.
    """

    python: str
    platform: str | None
    architecture: Architecture
    containers: bool


# Lambda's python3.14 runs on Amazon Linux 2023 (glibc 2.34), which takes every manylinux_2_28 wheel.
LAMBDA = Target("3.14", "aarch64-manylinux_2_28", "arm64", containers=True)


@dataclass(frozen=True)
class Hardening:
    """What guards the stage and its data.

    `keep_data` keeps tables, buckets, pools and logs when a stack goes. `audited` runs
    cdk-nag at every synthesis. `second_factor` asks administrators for one. The archive is locked for
    `archive_days`: under compliance nobody can shorten that, the account's root included.
    """

    keep_data: bool
    backups: bool
    own_key: bool
    tls_only: bool
    access_logs: bool
    introspection: bool
    password_sign_in: bool
    second_factor: bool
    audited: bool
    archive_days: int
    archive_compliance: bool


@dataclass(frozen=True)
class Monitoring:
    """Logs, traces and alarms."""

    log_level: str
    log_days: int
    tracing: bool
    alarms: bool
    alarm_email: str | None = None


@dataclass(frozen=True)
class Address:
    """Where downloads are: a domain with its certificate (its ARN, in us-east-1), or CloudFront's own for both."""

    domain: str
    certificate: str


@dataclass(frozen=True)
class Mail:
    """The domain that mail comes from."""

    domain: str

    @property
    def address(self) -> str:
        return f"studio@{self.domain}"

    @property
    def sender(self) -> str:
        """The sender as a mail shows it."""
        return f"{SENDER} <{self.address}>"


@dataclass(frozen=True)
class Stage:
    """One stage.

    `deletion_protection` keeps stacks, tables and people from being deleted. `concurrency` caps what a runaway function
    can cost. `graphql_url` is None where the API's own address is used; `studio_url` is the studio's own page, the
    first of `web_origins`: where payers who have come back go on. `label_downloads` lays a visible label into what is
    downloaded, where nobody asks for one or for none. `api_key_days` is at most AppSync's 365; `machine` is a
    developer's. `downloads_url` is None where CloudFront serves, at `downloads`. Without `mail` nothing is written to
    anybody but by Cognito's own sender.
    """

    name: str
    target: Target
    limits: Limits
    hardening: Hardening
    deletion_protection: bool
    monitoring: Monitoring
    concurrency: Concurrency
    providers: Providers
    money: MoneyProviders
    printer_url: str
    firebase_project: str
    web_origins: tuple[str, ...]
    studio_url: str
    api_key_days: int
    graphql_url: str | None = None
    machine: LocalMachine | None = None
    downloads: Address = Address("", "")
    downloads_url: str | None = None
    mail: Mail | None = None
    label_downloads: bool = False


_YEAR = 366  # at least, as S3 counts days
_OPEN = Hardening(
    keep_data=False,
    backups=False,
    own_key=False,
    tls_only=False,
    access_logs=False,
    introspection=True,
    password_sign_in=True,
    second_factor=False,
    audited=False,
    archive_days=1,
    archive_compliance=False,
)
_DEV = replace(_OPEN, backups=True, tls_only=True, password_sign_in=False, audited=True)
_STAGE = replace(
    _DEV,
    keep_data=True,
    own_key=True,
    access_logs=True,
    second_factor=True,
    archive_days=_YEAR,
    archive_compliance=True,
)
_PROD = replace(_STAGE, introspection=False, archive_days=10 * _YEAR)

# A machine's own Chromium makes the address bar's popups for every page, which takes longer than most pages do.
WITHOUT_POPUPS = "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup"


def named(name: str, said: Mapping[str, Any] | None = None) -> Stage:
    """Return the stage of that name.

    Parameters
    ----------
    name
        local, dev, stage, prod, or live (prod's alias).
    said
        What only its deployer knows. Of a stage on AWS it is by default what its file in `infra/config` says
        (`Deployment`). Stage local needs `graphqlUrl`, `explorerUrl`, `awsUrl`, `downloadsUrl`, `modelsUrl`, `bankUrl`,
        `printerUrl`, `firestoreHost`, `chromium` and `node`.

    Raises
    ------
    StageError
        No such stage, or a value is missing or not what it may be.
    """
    makers = {"local": _local, "dev": _dev, "stage": _stage, "prod": _prod}
    name = ALIASES.get(name, name)
    if name not in makers:
        raise StageError(f"no stage {name!r}: there are {', '.join(makers)} (and live, which is prod)")
    try:
        return makers[name](said if said is not None else read(name))
    except DeploymentError as error:
        raise StageError(str(error)) from None


def _local(context: Mapping[str, Any]) -> Stage:
    here = ("awsUrl", "modelsUrl", "bankUrl", "firestoreHost", "node")
    machine = LocalMachine(*(_required(context, key) for key in here))
    url, bank = machine.models_url, machine.bank_url
    return Stage(
        name="local",
        target=_this_machine(),
        limits=LOCAL_LIMITS,
        hardening=_OPEN,
        deletion_protection=False,
        monitoring=Monitoring("DEBUG", log_days=1, tracing=False, alarms=False),
        concurrency=Concurrency(),
        providers=Providers(
            vertex=Vertex("namo-local", "global", GEMINI, url),
            bedrock=BEDROCK,
            sagemaker=SageMaker({"sdxl": "namo-local-sdxl"}, hosting=None),
            browser=Browser({"nanobanana-basic": f"{url}/page"}, _required(context, "chromium"), WITHOUT_POPUPS),
        ),
        money=MoneyProviders(
            f"{bank}/paymentv2/vpcpay.html",
            f"{bank}/merchant_webapi/api/transaction",
            bank,
            stripe_live=False,
            rates_url=f"{bank}/v6/latest/USD",
        ),
        printer_url=f"{_required(context, 'printerUrl')}/v4.0",
        firebase_project="namo-local",
        web_origins=("*",),
        studio_url=_required(context, "explorerUrl"),
        api_key_days=365,
        graphql_url=_required(context, "graphqlUrl"),
        machine=machine,
        downloads_url=_required(context, "downloadsUrl"),
        mail=Mail("mail.namo.test"),
    )


def _dev(said: Mapping[str, Any]) -> Stage:
    stage = _on_aws("dev", checked(DeveloperDeployment, "dev", said), _DEV, "DEBUG", log_days=7)
    return replace(stage, limits=replace(AWS_LIMITS, running_jobs=12, job_ttl_days=30), api_key_days=90)


def _stage(said: Mapping[str, Any]) -> Stage:
    stage = _on_aws("stage", checked(PublicDeployment, "stage", said), _STAGE, "INFO", log_days=30)
    return replace(stage, api_key_days=180)


def _prod(said: Mapping[str, Any]) -> Stage:
    stage = _on_aws("prod", checked(PublicDeployment, "prod", said), _PROD, "INFO", log_days=90)
    money = replace(stage.money, vnpay_url=VNPAY, vnpay_query_url=VNPAY_QUERY, stripe_live=True)
    return replace(stage, money=money, printer_url=PRODIGI)


def _on_aws(name: str, said: Deployment, hardening: Hardening, log_level: str, *, log_days: int) -> Stage:
    """Return a stage of full size; what the smaller ones have less of, they say themselves."""
    email = said.alarms.email if said.alarms else None
    return Stage(
        name=name,
        target=LAMBDA,
        limits=AWS_LIMITS,
        hardening=hardening,
        deletion_protection=said.deletion_protection,
        monitoring=Monitoring(log_level, log_days, tracing=True, alarms=True, alarm_email=email),
        concurrency=Concurrency(**said.concurrency.model_dump()),
        providers=_providers(name, said),
        money=MoneyProviders(
            VNPAY_SANDBOX,
            VNPAY_SANDBOX_QUERY,
            "",
            stripe_live=False,
            rates_url=said.rates.url if said.rates else RATES,
        ),
        printer_url=PRODIGI_SANDBOX,
        firebase_project=said.firebase.project,
        web_origins=tuple(said.web.origins) if said.web else (),
        studio_url=said.web.origins[0] if said.web else "",
        api_key_days=365,
        downloads=Address(said.downloads.domain, said.downloads.certificate) if said.downloads else Address("", ""),
        mail=Mail(said.mail.domain) if said.mail else None,
        label_downloads=said.label_downloads,
    )


def _providers(name: str, said: Deployment) -> Providers:
    hosting = Hosting(said.sdxl.image, said.sdxl.model_file) if said.sdxl else None
    # What Chromium needs where nothing may make processes of its own.
    flags = "--single-process --no-zygote"
    return Providers(
        vertex=Vertex(said.vertex.project, said.vertex.location, GEMINI),
        bedrock=BEDROCK,
        sagemaker=SageMaker({"sdxl": f"namo-{name}-sdxl"}, hosting) if hosting else None,
        browser=Browser({"nanobanana-basic": said.browser.page}, "", flags) if said.browser else None,
    )


def _required(context: Mapping[str, Any], key: str) -> str:
    if key not in context:
        raise StageError(f"stage local needs the context value {key}")
    return context[key]


def _this_machine() -> Target:
    architecture: Architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", None, architecture, containers=False)
