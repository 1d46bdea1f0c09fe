from typing import Any

from local import gaps


def template(**resources: dict[str, Any]) -> dict[str, Any]:
    return {"Resources": resources}


def test_unknown_types_are_left_out_loudly_with_what_waits_for_them() -> None:
    budget = {"Type": "AWS::Budgets::Budget"}
    queue = {"Type": "AWS::SQS::Queue", "DependsOn": ["Budget", "Other"]}
    adapted = template(Budget=budget, Queue=queue, Other={"Type": "AWS::SNS::Topic"})
    said = gaps.described(gaps.adapt(adapted))
    assert set(adapted["Resources"]) == {"Queue", "Other"}
    assert queue["DependsOn"] == ["Other"]
    assert said == ["Left out: AWS::Budgets::Budget is unknown to the emulator (Budget)"]


def test_alarm_on_metric_math_goes_and_a_plain_one_stays() -> None:
    math = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"Metrics": []}}
    plain = {"Type": "AWS::CloudWatch::Alarm", "Properties": {"MetricName": "Errors"}}
    adapted = template(Math=math, Plain=plain)
    assert len(gaps.adapt(adapted)) == 1
    assert set(adapted["Resources"]) == {"Plain"}


def test_only_the_tls_statement_is_taken_from_a_bucket_policy() -> None:
    tls = {"Effect": "Deny", "Action": "s3:*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}}
    other = {"Effect": "Deny", "Action": "s3:DeleteBucket"}
    policy: dict[str, Any] = {
        "Type": "AWS::S3::BucketPolicy",
        "Properties": {"PolicyDocument": {"Statement": [tls, other]}},
    }
    said = gaps.adapt(template(Policy=policy))
    assert policy["Properties"]["PolicyDocument"]["Statement"] == [other]
    assert len(said) == 1


def test_what_the_emulator_drops_in_silence_is_said() -> None:
    table = {"Type": "AWS::DynamoDB::Table", "Properties": {"TimeToLiveSpecification": {"Enabled": True}}}
    pool = {"Type": "AWS::Cognito::UserPool", "Properties": {"LambdaConfig": {"PostConfirmation": "x"}}}
    roles = {"Type": "AWS::Cognito::IdentityPoolRoleAttachment", "Properties": {"Roles": {}}}
    stage = {"Type": "AWS::ApiGatewayV2::Stage", "Properties": {"DefaultRouteSettings": {}}}
    said = " ".join(gaps.described(gaps.adapt(template(Jobs=table, People=pool, Roles=roles, Door=stage))))
    assert "TTL" in said
    assert "triggers" in said
    assert "trust policies" in said
    assert "throttled" in said


def test_a_template_without_gaps_says_nothing() -> None:
    assert gaps.adapt(template(Queue={"Type": "AWS::SQS::Queue"})) == []


def test_one_line_for_each_kind_of_gap_in_names_people_know() -> None:
    assert gaps.described([("A", "JobsDF1CC2D4"), ("B", "People"), ("A", "Usage04F2BA28")]) == [
        "A (Jobs, Usage)",
        "B (People)",
    ]
