"""Which change leads to what; the deployer and the functions are stand-ins that note what they were asked."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from local import synth, watch
from local.watch import Watcher


@dataclass
class FakeStack:
    """Stands for the stack, its gateway and its Lambda client."""

    uploaded: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    updated: list[str] = field(default_factory=list[str])
    deployed: list[list[Any]] = field(default_factory=list[list[Any]])
    messages: list[str] = field(default_factory=list[str])
    hung_up: int = 0
    children: None = None

    @property
    def aws(self) -> Any:
        return SimpleNamespace(client=lambda _service: self)

    @property
    def gateway(self) -> Any:
        return self

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        assert Body == b"zip"
        self.uploaded.append((Bucket, Key))

    def update_function_code(self, *, FunctionName: str, S3Bucket: str, S3Key: str) -> None:  # noqa: N803
        assert (S3Bucket, S3Key) == self.uploaded[-1]
        self.updated.append(FunctionName)

    def deploy(self, stacks: list[Any]) -> list[str]:
        self.deployed.append(stacks)
        return ["namo-local-api"]

    def hang_up(self) -> None:
        self.hung_up += 1

    def say(self, text: str) -> None:
        self.messages.append(text)

    def done(self, text: str) -> None:
        self.messages.append(text)


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeStack:
    (tmp_path / "code.zip").write_bytes(b"zip")
    monkeypatch.setattr(watch, "build_zip", lambda _group, _target: tmp_path / "code.zip")
    monkeypatch.setattr(synth, "synthesize", lambda _children: tmp_path)
    monkeypatch.setattr(synth, "current_stacks", lambda _folder: [])
    return FakeStack()


def bring(stack: Any, *paths: str) -> None:
    Watcher(stack).bring(paths)


def test_a_resolver_changes_the_api_functions_alone(stack: FakeStack) -> None:
    bring(stack, "resolvers/fields/jobs.py")
    assert "namo-local-jobs-api" in stack.updated
    assert "namo-local-vertex" not in stack.updated
    assert not stack.deployed
    assert len(stack.uploaded) == len({"api", "boards", "payments"}), "one upload is for all functions of a group"


def test_a_rule_changes_every_function(stack: FakeStack) -> None:
    bring(stack, "studio/ledger/table.py")
    assert {"namo-local-jobs-api", "namo-local-sweeper", "namo-local-vertex"} <= set(stack.updated)


@pytest.mark.parametrize(
    "path", ["infra/api.py", "infra/resolvers/lambda.js", "schema/schema.graphql", "requirements/api.txt"]
)
def test_what_templates_are_made_from_is_deployed_and_the_gateway_reads_it(stack: FakeStack, path: str) -> None:
    bring(stack, path, "studio/errors.py")
    assert len(stack.deployed) == 1
    assert stack.hung_up == 1
    assert not stack.updated  # the deploy brings the code too


def test_anything_else_changes_nothing(stack: FakeStack) -> None:
    bring(stack, "schema/jobs.py", "studio_notes/x.py")
    assert not stack.updated
    assert not stack.deployed


def test_a_mistake_is_told_and_not_raised(stack: FakeStack, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_children: object) -> Path:
        raise synth.SynthError("no such construct")

    monkeypatch.setattr(synth, "synthesize", broken)
    bring(stack, "infra/api.py")
    assert stack.messages == ["no such construct"]
    assert stack.hung_up == 0
