from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.monkeypatch import MonkeyPatch

from infra.app import build
from infra.stages import Stage, named
from tests.infra.templates import Templates
from tests.stages import AWS_STAGES, CERTIFICATE, DOMAIN, NEEDED, STAGES, stage_named


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
    return {stage: synthesized(stage_named(stage), folder / stage) for stage in STAGES}


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory, alone: MonkeyPatch) -> Templates:
    """A stage that does without what is optional, and has a domain of its own. A synthesis takes seconds."""
    del alone
    own = {"deletion_protection": False, "downloads": {"domain": DOMAIN, "certificate": CERTIFICATE}}
    return synthesized(named("dev", {**NEEDED, **own}), tmp_path_factory.mktemp("other"))


def synthesized(stage: Stage, folder: Path) -> Templates:
    build(stage, folder)
    return Templates(stage.name, folder)


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
