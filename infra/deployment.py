"""What only its deployer knows of a stage on AWS, as its file in `infra/config` says it.

The files are committed: a deploy cannot forget what an earlier one said, and a change of them is reviewed like code.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

FOLDER = Path(__file__).parent / "config"

Name = Annotated[str, StringConstraints(min_length=1)]
Address = Annotated[str, StringConstraints(pattern=r"^https://[^\s/]+(/\S*)?$")]
Origin = Annotated[str, StringConstraints(pattern=r"^(https://[^\s/]+|http://localhost(:\d+)?)$")]
Domain = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}$")]
Mailbox = Annotated[str, StringConstraints(pattern=r"^[^\s@]+@[^\s@]+$")]
CertificateArn = Annotated[str, StringConstraints(pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/\S+$")]
ImageUri = Annotated[str, StringConstraints(pattern=r"^\d{12}\.dkr\.ecr\.\S+$")]
ObjectUri = Annotated[str, StringConstraints(pattern=r"^s3://[^\s/]+/\S+$")]
Executions = Annotated[int, Field(ge=1)]


class DeploymentError(ValueError):
    """A stage's file says what it may not, or not what it must; the message names each place."""


class _Table(BaseModel):
    """A table of the file. Nothing else may be in it, and every value has just its type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class VertexTable(_Table):
    """The Google Cloud project that pays for the models, and the Vertex AI location that is asked."""

    project: Name
    location: Name = "global"


class FirebaseTable(_Table):
    """The Firebase project whose boards show the images."""

    project: Name


class WebTable(_Table):
    """Origins which may fetch pictures from a browser, and to which payers may come back; the first is the studio's."""

    origins: Annotated[list[Origin], Field(min_length=1)]


class AlarmsTable(_Table):
    """Who is notified of alarms; they confirm a mail from SNS once."""

    email: Mailbox


class ConcurrencyTable(_Table):
    """Reserved concurrency: how many calls at a time a stage pays for; what is left out shares the account's.

    AWS keeps 100 of the account's quota unreserved, and a new account's quota may be 10: then nothing can be reserved.
    """

    workers: Executions | None = None
    browser: Executions | None = None
    publish: Executions | None = None


class DownloadsTable(_Table):
    """The domain of links to images, and its certificate; without this table links are at CloudFront's own domain."""

    domain: Domain
    certificate: CertificateArn


class MailTable(_Table):
    """The domain that mail is sent from; without it the studio sends none, and Cognito from its own sender."""

    domain: Domain


class SdxlTable(_Table):
    """The container image and the model's archive of Stable Diffusion XL; without them a stage has no `sdxl`."""

    image: ImageUri
    model_file: ObjectUri


class BrowserTable(_Table):
    """The page that makes the images of `nanobanana-basic`; without it a stage has none."""

    page: Address


class RatesTable(_Table):
    """Who quotes the day's exchange rates of the US dollar, in the shape of ExchangeRate-API."""

    url: Address


class _Deployment(_Table):
    """What every stage's file says.

    `deletion_protection` keeps stacks, tables and people from being deleted. It comes after the first deploy: what
    failed to be created has to be deleted before it can be tried again. `label_downloads` lays a visible label into
    what is downloaded, where nobody asks for one or for none.
    """

    deletion_protection: bool
    vertex: VertexTable
    firebase: FirebaseTable
    label_downloads: bool = False
    concurrency: ConcurrencyTable = ConcurrencyTable()
    downloads: DownloadsTable | None = None
    mail: MailTable | None = None
    sdxl: SdxlTable | None = None
    browser: BrowserTable | None = None
    rates: RatesTable | None = None


class DeveloperDeployment(_Deployment):
    """The file of a stage that only developers use."""

    web: WebTable | None = None
    alarms: AlarmsTable | None = None


class PublicDeployment(_Deployment):
    """The file of a stage that people use: somebody is woken there, and its frontend's origins are known."""

    web: WebTable
    alarms: AlarmsTable


Deployment = DeveloperDeployment | PublicDeployment
D = TypeVar("D", DeveloperDeployment, PublicDeployment)


def read(stage: str) -> dict[str, Any]:
    """Return what a stage's file says, as TOML has it; nothing where it has none."""
    file = FOLDER / f"{stage}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}


def checked(kind: type[D], stage: str, said: Mapping[str, Any]) -> D:
    """Return what a stage's file says. Raises DeploymentError."""
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        faults = [f"  {'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors(include_url=False)]
        raise DeploymentError("\n".join([f"infra/config/{stage}.toml", *faults])) from None
