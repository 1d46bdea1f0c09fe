import pytest

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


def test_results_grow_cold_after_thirty_days(templates: Templates) -> None:
    rules = {rule["Id"]: rule for rule in media(templates)["LifecycleConfiguration"]["Rules"]}
    assert rules["results"]["Prefix"] == "results/"
    assert rules["results"]["Transitions"] == [{"StorageClass": "STANDARD_IA", "TransitionInDays": 30}]
    assert rules["unfinished-uploads"]["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}


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
