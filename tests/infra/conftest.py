from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from _pytest.monkeypatch import MonkeyPatch

from infra.app import build
from tests.infra.templates import Templates

STAGES = ("local", "dev", "stage", "prod")
AWS_STAGES = STAGES[1:]
MODELS = "http://127.0.0.1:4001"
BANK = "http://127.0.0.1:4003"
PRINTER = "http://127.0.0.1:4005"
AWS = "http://127.0.0.1:4004"
LOCAL_CONTEXT = {
    "graphqlUrl": "http://127.0.0.1:4000/graphql",
    "explorerUrl": "https://localhost:4006/",
    "awsUrl": AWS,
    "downloadsUrl": "http://127.0.0.1:4003",
    "modelsUrl": MODELS,
    "bankUrl": BANK,
    "printerUrl": PRINTER,
    "firestoreHost": "127.0.0.1:4002",
    "chromium": "/usr/bin/chromium",
    "node": "/usr/bin/node",
}
AWS_CONTEXT = {
    "alarmEmail": "on-call@example.com",
    "webOrigins": "https://studio.example.com",
    "sdxlImage": "123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/sdxl:1.0",
    "sdxlModelFile": "s3://namo-models/sdxl/model.tar.gz",
    "browserPage": "https://page.example.com/make",
    "mailDomain": "mail.example.com",
}

DOMAIN = "images.example.com"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/5f0c1d2e-0000-4000-8000-000000000000"
OPTIONAL = {"sdxlImage", "browserPage", "mailDomain"}


@pytest.fixture(scope="session")
def alone() -> Iterator[MonkeyPatch]:
    """No Docker and no AWS: whatever would ask for them fails."""
    with MonkeyPatch.context() as patch:
        patch.setenv("CDK_DOCKER", "/no/docker/here")
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "CDK_DEFAULT_ACCOUNT"):
            patch.delenv(name, raising=False)
        yield patch


@pytest.fixture(scope="session")
def every(tmp_path_factory: pytest.TempPathFactory, alone: MonkeyPatch) -> dict[str, Templates]:
    """Every stage, each synthesized once; the audited ones have passed cdk-nag by being here."""
    folder = tmp_path_factory.mktemp("assemblies")
    return {
        stage: synthesized(stage, LOCAL_CONTEXT if stage == "local" else AWS_CONTEXT, folder / stage)
        for stage in STAGES
    }


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory, alone: MonkeyPatch) -> Templates:
    """A stage that does without what is optional, and has a domain of its own. A synthesis takes seconds."""
    del alone
    context = {name: value for name, value in AWS_CONTEXT.items() if name not in OPTIONAL}
    own = {"downloadsDomain": DOMAIN, "downloadsCertificate": CERTIFICATE}
    return synthesized("dev", {**context, **own}, tmp_path_factory.mktemp("other"))


def synthesized(stage: str, context: Mapping[str, str], folder: Path) -> Templates:
    build(stage, context, folder)
    return Templates(stage, folder)


@pytest.fixture(params=STAGES)
def templates(request: pytest.FixtureRequest, every: dict[str, Templates]) -> Templates:
    """One stage's templates; a test that asks for this runs for each stage."""
    return every[request.param]


@pytest.fixture(params=AWS_STAGES)
def aws(request: pytest.FixtureRequest, every: dict[str, Templates]) -> Templates:
    """One AWS stage's templates."""
    return every[request.param]


@pytest.fixture
def local(every: dict[str, Templates]) -> Templates:
    return every["local"]


@pytest.fixture
def dev(every: dict[str, Templates]) -> Templates:
    return every["dev"]


@pytest.fixture
def prod(every: dict[str, Templates]) -> Templates:
    return every["prod"]
