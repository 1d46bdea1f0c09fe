"""Whom a stage asks for images, each provider's models by our names, and for prints; and a developer's machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Names = Mapping[str, str]

# Prodigi's Print API; at its sandbox nothing is printed.
PRODIGI = "https://api.prodigi.com/v4.0"
PRODIGI_SANDBOX = "https://api.sandbox.prodigi.com/v4.0"

GEMINI: Names = {
    "nanobanana-pro": "gemini-3-pro-image",
    "nanobanana-2": "gemini-nano-banana-2.1",
    "nanobanana-lite": "gemini-3.1-flash-lite-image",
}
# Google has this one at its location `global` alone.
GLOBAL_ONLY = frozenset({"nanobanana-2"})


@dataclass(frozen=True)
class Vertex:
    """Google: its models, each at `location` unless it is at `global` alone. `endpoint` "" is its own address."""

    project: str
    location: str
    models: Names
    endpoint: str = ""

    @property
    def locations(self) -> Names:
        """Where each of the models is asked."""
        return {model: "global" if model in GLOBAL_ONLY else self.location for model in self.models}


@dataclass(frozen=True)
class Bedrock:
    """Amazon Bedrock: what makes each of our models' images, its region, and the inference profiles that may be asked.

    What begins with a region's short name is such a profile, everything else a model. A profile hands a call on to any
    of `profile_regions`.
    """

    models: Names
    regions: Names
    profiles: tuple[str, ...]
    profile_regions: tuple[str, ...]


_STABILITY: Names = {
    "stable-image": "stability.stable-image-core-v1:1",
    "stable-diffusion-3.5-large": "stability.sd3-5-large-v1:0",
    "stable-image-ultra": "stability.stable-image-ultra-v1:1",
    "stable-upscale-conservative": "us.stability.stable-conservative-upscale-v1:0",
    "stable-upscale-creative": "us.stability.stable-creative-upscale-v1:0",
}
# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
BEDROCK = Bedrock(
    models=_STABILITY,
    regions=dict.fromkeys(_STABILITY, "us-west-2"),
    profiles=(
        "us.stability.stable-image-inpaint-v1:0",
        "us.stability.stable-image-erase-object-v1:0",
        "us.stability.stable-outpaint-v1:0",
        "us.stability.stable-fast-upscale-v1:0",
        "us.stability.stable-conservative-upscale-v1:0",
        "us.stability.stable-creative-upscale-v1:0",
        "us.stability.stable-image-remove-background-v1:0",
        "us.stability.stable-image-control-structure-v1:0",
    ),
    profile_regions=("us-east-1", "us-east-2", "us-west-2"),
)


@dataclass(frozen=True)
class Hosting:
    """What an endpoint of ours runs: a container image, the model's file in S3, and 0 to `most` machines."""

    image: str
    model_file: str
    machine: str = "ml.g5.xlarge"
    most: int = 2


@dataclass(frozen=True)
class SageMaker:
    """Asynchronous endpoints by our models' names; without `hosting` somebody else runs them."""

    endpoints: Names
    hosting: Hosting | None


@dataclass(frozen=True)
class Browser:
    """Pages by our models' names. An empty `chromium` is the one that Playwright installed."""

    pages: Names
    chromium: str
    flags: str


@dataclass(frozen=True)
class Providers:
    """A provider that a stage has not is None: its models are not listed there.

    `retirements` are the days (UTC) from which the stage refuses a model, by our models' names, where they are not the
    catalogue's: a provider ends a model in one region, or in one project, before another.
    """

    vertex: Vertex
    bedrock: Bedrock
    sagemaker: SageMaker | None
    browser: Browser | None
    retirements: Mapping[str, date] = field(default_factory=dict[str, date])

    @property
    def endpoints(self) -> Names:
        """SageMaker's endpoints by our models' names, if there are any."""
        return self.sagemaker.endpoints if self.sagemaker else {}


@dataclass(frozen=True)
class LocalMachine:
    """A developer's: where services and what stands in for them answer, and Node for Playwright."""

    aws_url: str
    models_url: str
    bank_url: str
    firestore_host: str
    node: str
