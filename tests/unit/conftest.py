"""The studio on an in-memory DynamoDB and S3."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from studio import dynamo
from tests.unit.world import World


@pytest.fixture(scope="session")
def _memory() -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        patch.setenv("AWS_DEFAULT_REGION", "ap-southeast-1")
        world = World.create(boto3.client("dynamodb"), boto3.client("s3"))
        patch.setattr(dynamo, "_shared", [world.client])
        yield world


@pytest.fixture
def world(_memory: World) -> World:
    """An empty studio at noon. Clients are made once: that is what takes time."""
    return _memory.clear()
