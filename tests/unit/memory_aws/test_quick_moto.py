"""What makes moto quick changes none of its answers."""

import json
import subprocess
import sys

from infra.zips import ROOT
from tests.unit.memory_aws.moto_calls import answers
from tests.unit.world import World


def test_quick_or_not_moto_answers_the_same(world: World) -> None:
    program = [sys.executable, "-m", "tests.unit.memory_aws.moto_calls", world.client.meta.region_name]
    plain = subprocess.run(program, cwd=ROOT, capture_output=True, check=True)
    quick = list(answers(world.client))
    for number, (expected, found) in enumerate(zip(json.loads(plain.stdout), quick, strict=True)):
        assert found == expected, number
    refused = [answer for answer in quick if answer[0] == 400]
    assert len(refused) > 20
    assert len(quick) - len(refused) > 30
