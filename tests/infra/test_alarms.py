"""What a function says must wake somebody does: its line is counted, and one is enough."""

import json
import re
from io import StringIO
from typing import Any

import pytest
from aws_lambda_powertools.logging import Logger

from infra.functions import ALL
from studio.alarms import Alarm, raise_alarm
from tests.infra.templates import Templates, logical


def counts(pattern: str, line: str) -> bool:
    """Apply a filter pattern of CloudWatch Logs, of the one kind that we use: a field of a JSON object holds a text."""
    found = re.fullmatch(r'\{ \$\.(\w+) = "\*" \}', pattern)
    assert found, pattern
    try:
        fields: Any = json.loads(line)
    except ValueError:
        return False
    return isinstance(fields, dict) and isinstance(fields.get(found[1]), str)


def patterns(templates: Templates) -> dict[str, str]:
    """Return the pattern that is applied to each log group."""
    filters = [found.properties for found in templates.of("AWS::Logs::MetricFilter")]
    return {templates.text(each["LogGroupName"]): each["FilterPattern"] for each in filters}


@pytest.mark.parametrize("alarm", Alarm)
def test_the_line_that_is_printed_is_counted(aws: Templates, capsys: pytest.CaptureFixture[str], alarm: Alarm) -> None:
    raise_alarm(alarm, payment="1", event=None, note='{"}\n\x00 "é"')
    [line] = capsys.readouterr().out.splitlines()
    found = set(patterns(aws).values())
    assert found
    assert all(counts(pattern, line) for pattern in found)
    assert json.loads(line)["alarm"] == alarm


def test_other_lines_are_not_counted(aws: Templates) -> None:
    printed = StringIO()
    log = Logger(service=f"alarms-{aws.stage}", stream=printed)
    log.info("answered")
    log.error("an error alone", extra={"job": "1"})
    lines = [*printed.getvalue().splitlines(), "[ERROR]\t2026-11-20\tPAID_TWICE", "alarm", '["alarm"]']
    assert len(lines) > 4
    assert not [line for line in lines for pattern in patterns(aws).values() if counts(pattern, line)]


def test_every_functions_log_is_watched(aws: Templates) -> None:
    assert patterns(aws).keys() == {f"<{spec.id}Logs>" for spec in ALL}


def test_one_line_rings(aws: Templates) -> None:
    counted = {
        (each["MetricNamespace"], each["MetricName"], each["MetricValue"])
        for found in aws.of("AWS::Logs::MetricFilter")
        for each in found.properties["MetricTransformations"]
    }
    assert counted == {("namo", f"{aws.stage}-alarms", "1")}
    (alarm,) = [found for found in aws.of("AWS::CloudWatch::Alarm") if logical(found.id) == "AlarmsRaised"]
    rule = alarm.properties
    assert (rule["Namespace"], rule["MetricName"], rule["Statistic"]) == ("namo", f"{aws.stage}-alarms", "Sum")
    assert (rule["Threshold"], rule["ComparisonOperator"]) == (0, "GreaterThanThreshold")
    assert rule["EvaluationPeriods"] == 1
    assert rule["TreatMissingData"] == "notBreaching"
