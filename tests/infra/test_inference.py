"""SageMaker: who hears of an inference, and on AWS the endpoint that stops and starts by itself."""

import json

from tests.infra.templates import Json, Templates
from tests.stages import IMAGE, MODEL_FILE

SAGEMAKER = ("AWS::SageMaker::Model", "AWS::SageMaker::EndpointConfig", "AWS::SageMaker::Endpoint")


def test_both_outcomes_are_heard_by_the_same_function(templates: Templates) -> None:
    subscribed = {
        (templates.text(each.properties["TopicArn"]), templates.text(each.properties["Endpoint"]))
        for each in templates.of("AWS::SNS::Subscription")
        if templates.text(each.properties["TopicArn"]).startswith("<Inference")
    }
    assert subscribed == {(f"<Inference{outcome}>", "<SagemakerDoneFunction.Arn>") for outcome in ("Success", "Error")}


def test_at_home_the_endpoint_is_a_server_of_ours(local: Templates) -> None:
    assert not local.of(*SAGEMAKER)
    topics = {name for name in local.by_stack["jobs"]["Outputs"] if name.endswith("Topic")}
    assert topics == {"InferenceSuccessTopic", "InferenceErrorTopic"}


def test_a_stage_without_a_model_hosts_none_and_offers_none(other: Templates) -> None:
    assert not other.of(*SAGEMAKER, "AWS::ApplicationAutoScaling::ScalableTarget")
    assert not {"sagemaker", "sagemaker-done", "browser"} & other.functions.keys()
    workers = json.loads(other.functions["jobs-api"]["Environment"]["Variables"]["WORKERS"])
    assert workers == {name: f"namo-dev-{name}" for name in ("vertex", "bedrock", "documents")}


def configuration(aws: Templates) -> Json:
    return aws.one("AWS::SageMaker::EndpointConfig").properties


def test_the_endpoint_is_the_one_that_the_worker_asks(aws: Templates) -> None:
    endpoint = aws.one("AWS::SageMaker::Endpoint").properties
    models = json.loads(aws.functions["sagemaker"]["Environment"]["Variables"]["PROVIDER_MODELS"])
    assert models == {"sdxl": endpoint["EndpointName"]}
    assert endpoint["RetainAllVariantProperties"] is True


def test_it_runs_the_stages_model_and_reaches_no_network(aws: Templates) -> None:
    model = aws.one("AWS::SageMaker::Model").properties
    assert model["PrimaryContainer"] == {
        "Image": IMAGE,
        "ModelDataUrl": MODEL_FILE,
    }
    assert model["EnableNetworkIsolation"] is True
    (variant,) = configuration(aws)["ProductionVariants"]
    assert variant["InstanceType"] == "ml.g5.xlarge"


def test_it_answers_below_its_prefix_and_tells_both_topics(aws: Templates) -> None:
    asynchronous = configuration(aws)["AsyncInferenceConfig"]
    output = asynchronous["OutputConfig"]
    assert aws.text(output["S3OutputPath"]) == "s3://<Media>/inference/output/"
    topics = {name: aws.text(topic) for name, topic in output["NotificationConfig"].items()}
    assert topics == {"SuccessTopic": "<InferenceSuccess>", "ErrorTopic": "<InferenceError>"}
    assert asynchronous["ClientConfig"] == {"MaxConcurrentInvocationsPerInstance": 1}


def test_no_machine_runs_when_nobody_asks_and_one_starts_when_somebody_does(aws: Templates) -> None:
    target = aws.one("AWS::ApplicationAutoScaling::ScalableTarget").properties
    assert (target["MinCapacity"], target["MaxCapacity"]) == (0, 2)
    start = aws.one("AWS::ApplicationAutoScaling::ScalingPolicy", PolicyType="StepScaling")
    steps = start.properties["StepScalingPolicyConfiguration"]["StepAdjustments"]
    assert steps == [{"MetricIntervalLowerBound": 0, "ScalingAdjustment": 1}]
    alarm = aws.one("AWS::CloudWatch::Alarm", MetricName="HasBacklogWithoutCapacity").properties
    assert alarm["AlarmActions"] == [{"Ref": start.id}]
    assert (alarm["Threshold"], alarm["ComparisonOperator"]) == (1, "GreaterThanOrEqualToThreshold")


def test_it_follows_its_backlog(aws: Templates) -> None:
    policy = aws.one("AWS::ApplicationAutoScaling::ScalingPolicy", PolicyType="TargetTrackingScaling")
    tracked = policy.properties["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]
    assert tracked["MetricName"] == "ApproximateBacklogSizePerInstance"


def test_it_may_read_what_it_is_asked_and_write_what_it_answers(aws: Templates) -> None:
    role = aws.one("AWS::SageMaker::Model").properties["ExecutionRoleArn"]["Fn::GetAtt"][0]
    s3 = {(action, resource) for action, resource in aws.rights(role) if action.startswith("s3:")}
    assert s3 == {
        ("s3:GetObject", "<Media.Arn>/inference/input/*"),
        ("s3:PutObject", "<Media.Arn>/inference/output/*"),
        ("s3:AbortMultipartUpload", "<Media.Arn>/inference/output/*"),
        ("s3:GetObject", "arn:<AWS::Partition>:s3:::namo-models/sdxl/model.tar.gz"),
    }
