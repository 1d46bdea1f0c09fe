import json
from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sns as sns
from cfnlint.config import ConfigMixIn
from cfnlint.decode.decode import decode_str
from cfnlint.helpers import REGION_PRIMARY
from cfnlint.rules import Rules
from cfnlint.runner import Runner, run_template_by_data

from infra.constructs.audit import audit, explain
from tests.infra.templates import STACKS, Templates

# W3005: the CDK's own function construct waits for the role that it names anyway.
# The others ask what day it is: which runtimes are old by then is AWS's to say, not this test's.
TOLERATED = ["W3005", "W2531", "E2531", "E2533"]


@pytest.fixture(scope="module")
def rules() -> Rules:
    """All rules, which take as long to read as most templates to look at."""
    return Runner(ConfigMixIn(ignore_checks=TOLERATED)).rules


def faults(path: Path, rules: Rules) -> list[str]:
    template, errors = decode_str(path.read_text())
    config = ConfigMixIn(regions=[REGION_PRIMARY], ignore_checks=TOLERATED)
    assert template, errors
    return [str(match) for match in run_template_by_data(template, config, rules)]


@pytest.mark.parametrize("stack", STACKS)
def test_the_templates_are_clean_to_cfn_lint(templates: Templates, stack: str, rules: Rules) -> None:
    assert faults(templates.path(stack), rules) == []


def test_cfn_lint_would_find_a_fault(tmp_path: Path, rules: Rules) -> None:
    template = tmp_path / "bad.json"
    template.write_text(json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"Colour": "red"}}}}))
    (fault,) = faults(template, rules)
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
