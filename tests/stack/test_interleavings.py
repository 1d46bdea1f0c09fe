"""The books on the deployed stack's DynamoDB, whose transactions are not those of the unit tests' imitation."""

from collections.abc import Iterator
from datetime import UTC, datetime

import boto3
import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from infra.tables import TABLES
from local.ministack import ROOT_KEY
from tests.stack.client import StackClient
from tests.unit.payments.interleavings import Interleavings
from tests.unit.world import World

# The studio's own tables are in another region: there its schedules would settle what these examples begin.
REGION = "eu-west-1"


@pytest.fixture
def world(client: StackClient) -> Iterator[World]:
    session = boto3.Session(ROOT_KEY, ROOT_KEY, region_name=REGION)
    dynamodb = session.client("dynamodb", endpoint_url=client.outputs["awsEndpoint"])
    s3 = session.client("s3", endpoint_url=client.outputs["awsEndpoint"])
    world = World.create(dynamodb, s3)
    with time_machine.travel(datetime.now(UTC)) as clock:
        world.clock, world.noon = clock, datetime.now(UTC)
        yield world
    for spec in TABLES:
        dynamodb.delete_table(TableName=spec.name)
    s3.delete_bucket(Bucket="media")
    dynamodb.close()
    s3.close()


def test_the_books_are_right_whatever_happens(world: World) -> None:
    class Deployed(Interleavings):
        pass

    Deployed.world = world
    many = settings(
        max_examples=25,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
    )
    run_state_machine_as_test(Deployed, settings=many)
