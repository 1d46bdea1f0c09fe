"""The deployer on the running emulator, with a stack of its own."""

from typing import Any

import pytest

from local.assembly import StackArtifact
from local.deploy import Deployer, DeployError
from tests.stack.client import StackClient

NAME = "deployer-test"


def artifact(**resources: Any) -> StackArtifact:
    return StackArtifact(NAME, {"Resources": resources}, (), frozenset())


@pytest.fixture
def deployer(client: StackClient) -> Deployer:
    return Deployer(client.aws, lambda _line: None)


def names(client: StackClient) -> set[str]:
    found = client.boto("cloudformation").list_stack_resources(StackName=NAME)["StackResourceSummaries"]
    return {each["LogicalResourceId"] for each in found}


def test_a_broken_stack_is_told_with_its_reason_and_can_be_mended(deployer: Deployer, client: StackClient) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "deployer-test"}}
    unheard_of = {"Type": "AWS::Unheard::Of", "DependsOn": "Queue"}
    with pytest.raises(DeployError, match="AWS::Unheard::Of"):
        deployer.deploy([artifact(Queue=queue, Thing=unheard_of)], {})
    assert deployer.deploy([artifact(Queue=queue)], {}) == [NAME]
    assert names(client) == {"Queue"}
    assert deployer.deploy([artifact(Queue=queue)], {}) == []
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "deployer-test"}}
    assert deployer.deploy([artifact(Queue=queue, Topic=topic)], {}) == [NAME]
    assert names(client) == {"Queue", "Topic"}


def test_addresses_are_filled_in_and_a_new_one_is_a_change(deployer: Deployer, client: StackClient) -> None:
    parameter = {
        "Type": "AWS::SSM::Parameter",
        "Properties": {"Name": "/deployer-test", "Type": "String", "Value": "@@"},
    }
    for address in ("http://one", "http://two"):
        assert deployer.deploy([artifact(Address=parameter)], {"@@": address}) == [NAME]
        assert client.boto("ssm").get_parameter(Name="/deployer-test")["Parameter"]["Value"] == address
