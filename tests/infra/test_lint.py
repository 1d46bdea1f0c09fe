import json
from collections.abc import Callable
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sns as sns

from infra.constructs.audit import audit, explain
from tests.infra.templates import STACKS, Templates

Faults = Callable[[Path], list[str]]


@pytest.fixture(scope="module")
def faults() -> Faults:
    from tests.infra.linting import Linter  # noqa: PLC0415 - not in every worker that collects tests

    return Linter().faults


@pytest.mark.parametrize("stack", STACKS)
def test_the_templates_are_clean_to_cfn_lint(templates: Templates, stack: str, faults: Faults) -> None:
    assert faults(templates.path(stack)) == []


def test_cfn_lint_would_find_a_fault(tmp_path: Path, faults: Faults) -> None:
    template = tmp_path / "bad.json"
    template.write_text(json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}))
    (fault,) = faults(template)
    assert "Colour" in fault


@pytest.mark.parametrize("explained", [False, True])
def test_an_audited_stage_synthesizes_only_if_every_finding_has_its_reason(tmp_path: Path, *, explained: bool) -> None:
    app = App(outdir=str(tmp_path))
    topic = sns.Topic(Stack(app, "open"), "Topic")
    if explained:
        explain(topic, "AwsSolutions-SNS3", "A test.")
    audit(app)
    if explained:
        app.synth()
    else:
        with pytest.raises(RuntimeError, match="ValidationFailed"):
            app.synth()
