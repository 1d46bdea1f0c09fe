from typing import Any

from local import gaps


def template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


def test_unknown_types_are_left_out_loudly_with_what_waits_for_them() -> None:
    budget = {"Type": "AWS::Budgets::Budget"}
    queue = {"Type": "AWS::SQS::Queue", "DependsOn": ["Budget", "Other"]}
    adapted = gaps.adapt(template(Budget=budget, Queue=queue, Other={"Type": "AWS::SNS::Topic"}))
    assert set(adapted.template["Resources"]) == {"Queue", "Other"}
    assert queue["DependsOn"] == ["Other"]
    assert any("Budget" in line for line in adapted.said)


def test_alarm_on_metric_math_goes_and_a_plain_one_stays() -> None:
    math = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": []}}
    plain = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}}
    assert set(gaps.adapt(template(Math=math, Plain=plain)).template["Resources"]) == {"Plain"}


def test_only_the_tls_statement_is_taken_from_a_bucket_policy() -> None:
    tls = {"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    other = {"Effect": "Deny", "Action": "s3:DeleteBucket"}
    policy: dict[str, Any] = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"PolicyDocument": {"Statement": [tls, other]}},
    }
    adapted = gaps.adapt(template(Policy=policy))
    assert policy["Properties"]["PolicyDocument"]["Statement"] == [other]
    assert len(adapted.said) == 1


def test_what_the_emulator_drops_in_silence_is_said() -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TimeToLiveSpecification": {"Enabled": True}}}
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": {"LambdaConfig": {"PostConfirmation": "x"}}}
    said = " ".join(gaps.adapt(template(Jobs=table, People=pool)).said)
    assert "TTL" in said
    assert "triggers" in said


def test_a_template_without_gaps_says_nothing() -> None:
    assert gaps.adapt(template(Queue={"Type": "AWS::SQS::Queue"})).said == []
