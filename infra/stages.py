"""The stages, one typed record each: all that differs between them. Nothing else asks which stage it is."""

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

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
    """No such stage, or a stage lacks a context value that only its deployer knows."""


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

    `keep_data` keeps tables, buckets, pools and logs when a stack goes, and protects them from deletion. `audited` runs
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

    `concurrency` caps what a runaway function can cost. `graphql_url` is None where the API's own address is used;
    `studio_url` is the studio's own page, the first of `web_origins`: where payers who have come back go on.
    `label_downloads` lays a visible label into what is downloaded, where nobody asks for one or for none.
    `api_key_days` is at most AppSync's 365; `machine` is a developer's. `downloads_url` is None where CloudFront
    serves, at `downloads`. Without `mail` nothing is written to anybody but by Cognito's own sender.
    """

    name: str
    target: Target
    limits: Limits
    hardening: Hardening
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


_DEV_ORIGIN = "http://localhost:5173"
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


def named(name: str, context: Mapping[str, str]) -> Stage:
    """Return the stage of that name, completed by the CDK context.

    Parameters
    ----------
    name
        local, dev, stage, prod, or live (prod's alias).
    context
        Stage local needs `graphqlUrl`, `explorerUrl`, `awsUrl`, `downloadsUrl`, `modelsUrl`, `bankUrl`, `printerUrl`,
        `firestoreHost`, `chromium` and `node`. The others take `vertexProject` and `firebaseProject` (default
        namo-<stage>), `vertexLocation` (default global), `sdxlImage` and `sdxlModelFile` (without both there is no
        sdxl), `browserPage` (without it no nanobanana-basic), `ratesUrl` (default open.er-api.com), `webOrigins`
        (comma separated), `alarmEmail`, `labelDownloads` (true: what is downloaded has a visible label, unless
        somebody asks for none), `downloadsDomain` with `downloadsCertificate` (default CloudFront's own), and
        `mailDomain` (without it no mail is sent).

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
    here = ("awsUrl", "modelsUrl", "bankUrl", "firestoreHost", "node")
    machine = LocalMachine(*(_required(context, key) for key in here))
    url, bank = machine.models_url, machine.bank_url
    return Stage(
        name="local",
        target=_this_machine(),
        limits=LOCAL_LIMITS,
        hardening=_OPEN,
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


def _dev(context: Mapping[str, str]) -> Stage:
    stage = _on_aws("dev", context, _DEV, Monitoring("DEBUG", log_days=7, tracing=True, alarms=True))
    return replace(
        stage,
        limits=replace(AWS_LIMITS, running_jobs=12, job_ttl_days=30),
        concurrency=Concurrency(workers=5, browser=2, publish=5),
        web_origins=stage.web_origins or (_DEV_ORIGIN,),
        studio_url=stage.studio_url or _DEV_ORIGIN,
        api_key_days=90,
    )


def _stage(context: Mapping[str, str]) -> Stage:
    stage = _on_aws("stage", context, _STAGE, Monitoring("INFO", log_days=30, tracing=True, alarms=True))
    return replace(stage, concurrency=Concurrency(workers=10, browser=3, publish=10), api_key_days=180)


def _prod(context: Mapping[str, str]) -> Stage:
    stage = _on_aws("prod", context, _PROD, Monitoring("INFO", log_days=90, tracing=True, alarms=True))
    money = replace(stage.money, vnpay_url=VNPAY, vnpay_query_url=VNPAY_QUERY, stripe_live=True)
    return replace(stage, money=money, printer_url=PRODIGI)


def _on_aws(name: str, context: Mapping[str, str], hardening: Hardening, monitoring: Monitoring) -> Stage:
    """Return a stage of full size; what the smaller ones have less of, they say themselves."""
    return Stage(
        name=name,
        target=LAMBDA,
        limits=AWS_LIMITS,
        hardening=hardening,
        monitoring=replace(monitoring, alarm_email=context.get("alarmEmail")),
        concurrency=Concurrency(workers=50, browser=10, publish=25),
        providers=_providers(name, context),
        money=MoneyProviders(
            VNPAY_SANDBOX, VNPAY_SANDBOX_QUERY, "", stripe_live=False, rates_url=context.get("ratesUrl", RATES)
        ),
        printer_url=PRODIGI_SANDBOX,
        firebase_project=context.get("firebaseProject", f"namo-{name}"),
        web_origins=_origins(context),
        studio_url=next(iter(_origins(context)), ""),
        api_key_days=365,
        downloads=_address(context),
        mail=Mail(context["mailDomain"]) if context.get("mailDomain") else None,
        label_downloads=_label(context),
    )


def _providers(name: str, context: Mapping[str, str]) -> Providers:
    project, location = context.get("vertexProject", f"namo-{name}"), context.get("vertexLocation", "global")
    image, file, page = (context.get(key) for key in ("sdxlImage", "sdxlModelFile", "browserPage"))
    hosting = Hosting(image, file) if image and file else None
    return Providers(
        vertex=Vertex(project, location, GEMINI),
        bedrock=BEDROCK,
        sagemaker=SageMaker({"sdxl": f"namo-{name}-sdxl"}, hosting) if hosting else None,
        # What Chromium needs where nothing may make processes of its own.
        browser=Browser({"nanobanana-basic": page}, "", flags="--single-process --no-zygote") if page else None,
    )


def _label(context: Mapping[str, str]) -> bool:
    said = context.get("labelDownloads", "false")
    if said not in {"true", "false"}:
        raise StageError("labelDownloads is true or false")
    return said == "true"


def _address(context: Mapping[str, str]) -> Address:
    address = Address(context.get("downloadsDomain", ""), context.get("downloadsCertificate", ""))
    if bool(address.domain) != bool(address.certificate):
        raise StageError("downloadsDomain and downloadsCertificate come together")
    return address


def _origins(context: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, (origin.strip() for origin in context.get("webOrigins", "").split(","))))


def _required(context: Mapping[str, str], key: str) -> str:
    if key not in context:
        raise StageError(f"stage local needs the context value {key}")
    return context[key]


def _this_machine() -> Target:
    architecture: Architecture = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
    return Target(f"{sys.version_info.major}.{sys.version_info.minor}", None, architecture, containers=False)
