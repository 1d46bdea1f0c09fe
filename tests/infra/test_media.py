import pytest

from studio.media.keys import INCOMING, RESULTS
from tests.infra.templates import Json, Templates, logical


def media(templates: Templates) -> Json:
    return next(r.properties for r in templates.of("AWS::S3::Bucket") if logical(r.id) == "Media")


def test_nothing_in_any_bucket_is_public(templates: Templates) -> None:
    blocked = {"BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"}
    for bucket in templates.of("AWS::S3::Bucket"):
        assert bucket.properties["PublicAccessBlockConfiguration"] == dict.fromkeys(blocked, True)
        assert bucket.properties["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_every_bucket_queue_and_topic_of_an_aws_stage_refuses_plain_http(aws: Templates) -> None:
    guarded = {
        resource
        for policy in aws.of("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
        for statement in policy.properties["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
        for resource in (str(policy.properties.get(key)) for key in ("Bucket", "Queues", "Topics"))
        if resource != "None"
    }
    assert len(guarded) == len(aws.of("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::SNS::Topic"))


@pytest.mark.parametrize(("stage", "jobs"), [("local", 31), ("dev", 31), ("stage", 91), ("prod", 91)])
def test_an_object_outlives_the_row_that_names_it_by_a_day(every: dict[str, Templates], stage: str, jobs: int) -> None:
    rules = {rule.get("Prefix"): rule for rule in media(every[stage])["LifecycleConfiguration"]["Rules"]}
    assert {prefix: rule.get("ExpirationInDays") for prefix, rule in rules.items()} == {
        None: None,
        "incoming/": 1,
        "uploads/": 31,
        "quarantine/": 31,
        "results/": jobs,
        "resized/": jobs,
        "signed/": jobs,
        "inference/input/": 30,
        "inference/output/": 180,
    }
    assert rules[None]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


def test_what_is_kept_grows_cold(templates: Templates) -> None:
    colder = {
        rule["Prefix"]: [(each["StorageClass"], each["TransitionInDays"]) for each in rule["Transitions"]]
        for rule in media(templates)["LifecycleConfiguration"]["Rules"]
        if "Transitions" in rule
    }
    rare = ("STANDARD_IA", 30)
    assert colder == {
        "results/": [rare],
        "resized/": [rare],
        "signed/": [rare],
        "inference/output/": [rare, ("GLACIER", 90)],
    }


def test_every_new_upload_and_result_reaches_the_resizer_and_nothing_else(templates: Templates) -> None:
    assert media(templates)["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    (rule,) = (found for found in templates.of("AWS::Events::Rule") if "EventPattern" in found.properties)
    pattern = rule.properties["EventPattern"]
    assert (pattern["source"], pattern["detail-type"]) == (["aws.s3"], ["Object Created"])
    assert [templates.text(name) for name in pattern["detail"]["bucket"]["name"]] == ["<Media>"]
    assert pattern["detail"]["object"]["key"] == [{"prefix": INCOMING}, {"prefix": RESULTS}]
    (target,) = rule.properties["Targets"]
    assert templates.text(target["Arn"]) == "<ResizerFunction.Arn>"
    assert templates.text(target["DeadLetterConfig"]["Arn"]) == "<ResizerFailed.Arn>"


def test_no_old_versions_outlive_a_deletion(templates: Templates) -> None:
    assert "VersioningConfiguration" not in media(templates)


@pytest.mark.parametrize(
    ("stage", "origins"),
    [("local", ["*"]), ("dev", ["https://studio.example.com"]), ("prod", ["https://studio.example.com"])],
)
def test_browsers_may_load_and_post_from_the_stages_origins(
    every: dict[str, Templates], stage: str, origins: list[str]
) -> None:
    (rule,) = media(every[stage])["CorsConfiguration"]["CorsRules"]
    assert rule["AllowedOrigins"] == origins
    assert rule["AllowedMethods"] == ["GET", "HEAD", "POST"]


def test_prod_encrypts_images_with_its_own_key_once_for_many(prod: Templates) -> None:
    (rule,) = media(prod)["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule["BucketKeyEnabled"] is True
    assert prod.text(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]) == "<Key.Arn>"


def test_prod_logs_access_and_forgets_the_logs_in_time(prod: Templates) -> None:
    assert prod.text(media(prod)["LoggingConfiguration"]["DestinationBucketName"]) == "<AccessLogs>"
    logs = next(r for r in prod.of("AWS::S3::Bucket") if logical(r.id) == "AccessLogs")
    assert [rule["ExpirationInDays"] for rule in logs.properties["LifecycleConfiguration"]["Rules"]] == [90]
