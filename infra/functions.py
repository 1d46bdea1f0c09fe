"""The functions, as data: what each runs, its size and its times. Their rights are in `access`."""

from collections.abc import Sequence
from dataclasses import dataclass

from infra.providers import Providers


@dataclass(frozen=True)
class Spec:
    """One function: its name, handler, zip group, how long a call may take in seconds, and its memory in MB.

    `image` names the Dockerfile of one that is too large for a zip on Lambda.
    """

    name: str
    handler: str
    group: str
    timeout: int
    memory: int = 512
    image: str | None = None

    @property
    def id(self) -> str:
        """The name as an identifier in templates: `jobs-api` is JobsApi."""
        return "".join(word.capitalize() for word in self.name.split("-"))


# AppSync waits 30 s for a resolver; a little less lets the function answer for itself.
JOBS_API = Spec("jobs-api", "resolvers.fields.jobs.handler", "api", 29)
# Cognito may take some seconds to follow.
PEOPLE_API = Spec("people-api", "resolvers.fields.people.handler", "api", 20)
# It may have to ask Stripe, twice.
PAYMENTS_API = Spec("payments-api", "resolvers.fields.payments.handler", "payments", 29)
# Providers wait for an answer, and repeat what got none.
WEBHOOKS = Spec("webhooks", "resolvers.webhooks.payments.handler", "payments", 10)
MEDIA_API = Spec("media-api", "resolvers.fields.media.handler", "api", 10)
# Cognito gives a trigger five seconds.
SIGN_UP = Spec("sign-up", "resolvers.triggers.sign_up.handler", "api", 5)
JOBS_STREAM = Spec("jobs-stream", "resolvers.streams.jobs.handler", "api", 60)
PUBLISH = Spec("publish", "resolvers.streams.publish.handler", "api", 30)
ARCHIVE = Spec("archive", "resolvers.streams.archive.handler", "api", 60)
# Shorter than its schedule's minute, so that two sweeps do not overlap.
SWEEPER = Spec("sweeper", "resolvers.timers.sweeper.handler", "api", 55)
ACCOUNTS_RECONCILER = Spec("accounts-reconciler", "resolvers.timers.accounts_reconciler.handler", "api", 55)
PAYMENTS_RECONCILER = Spec("payments-reconciler", "resolvers.timers.payments_reconciler.handler", "payments", 55)
RATES = Spec("rates", "resolvers.timers.rates.handler", "api", 30)
VERTEX = Spec("vertex", "workers.vertex.handler", "vertex", 900, 1024)
BEDROCK = Spec("bedrock", "workers.bedrock.handler", "images", 900, 1024)
# It hands jobs to an endpoint, and hears later how they went.
SAGEMAKER = Spec("sagemaker", "workers.sagemaker.handler", "images", 900)
SAGEMAKER_DONE = Spec("sagemaker-done", "workers.sagemaker_done.handler", "images", 60, 1024)
# Chromium's pages take most of it.
BROWSER = Spec("browser", "workers.browser.handler", "browser", 900, 2048, image="browser.Dockerfile")
# One whole CPU; the largest image allowed has 50 megapixels, of four bytes each at most.
RESIZER = Spec("resizer", "workers.resizer.handler", "images", 120, 2048)
BOARDS = Spec("boards", "resolvers.streams.boards.handler", "boards", 30)

WORKERS = (VERTEX, BEDROCK, SAGEMAKER, BROWSER)
ALL: Sequence[Spec] = (
    JOBS_API,
    PEOPLE_API,
    PAYMENTS_API,
    WEBHOOKS,
    MEDIA_API,
    SIGN_UP,
    JOBS_STREAM,
    PUBLISH,
    ARCHIVE,
    SWEEPER,
    ACCOUNTS_RECONCILER,
    PAYMENTS_RECONCILER,
    RATES,
    *WORKERS,
    SAGEMAKER_DONE,
    RESIZER,
    BOARDS,
)


def function_name(stage: str, spec: Spec) -> str:
    """Return the deployed name; known before the deploy, so that functions can name each other without a cycle."""
    return f"namo-{stage}-{spec.name}"


def workers(providers: Providers) -> list[Spec]:
    """Return the workers of a stage that has these providers."""
    absent = {
        spec for spec, provider in ((SAGEMAKER, providers.sagemaker), (BROWSER, providers.browser)) if provider is None
    }
    return [spec for spec in WORKERS if spec not in absent]
