"""Downloads: the distribution in front of the bucket, on AWS stages only."""

import re
from typing import Any

import pytest

from infra.access import READABLE
from infra.constructs.downloads import EDGE
from infra.stages import StageError, named
from local.downloads.server import ADDED_HEADERS
from studio.media import keys
from tests.infra.templates import Json, Templates
from tests.stages import AWS_STAGES, CERTIFICATE, DOMAIN, LOCAL_CONTEXT, NEEDED, ORIGIN

FOR_PEOPLE = {"jobs-api", "albums-api", "media-api", "people-api", "publish"}
SIGNERS = {*FOR_PEOPLE, "printing-stream", "printing-reconciler"}  # the printer's links last for days


def distribution(templates: Templates) -> Json:
    return templates.one("AWS::CloudFront::Distribution").properties["DistributionConfig"]


def behavior(templates: Templates) -> Json:
    config = distribution(templates)
    assert "CacheBehaviors" not in config
    return config["DefaultCacheBehavior"]


def variables(templates: Templates, function: str) -> dict[str, Any]:
    return templates.functions[function]["Environment"]["Variables"]


def test_stage_local_has_none_and_its_links_lead_to_what_stands_in_for_it(local: Templates) -> None:
    assert [each.type for each in local.resources if each.type.startswith("AWS::CloudFront::")] == []
    for function in SIGNERS:
        assert variables(local, function)["DOWNLOADS_URL"] == LOCAL_CONTEXT["downloadsUrl"]
        assert variables(local, function)["DOWNLOADS_SECRET"] == "namo/local/downloads"


def test_those_who_sign_know_the_domain_and_where_the_key_is(aws: Templates) -> None:
    for function in aws.functions:
        environment = variables(aws, function)
        assert ("DOWNLOADS_URL" in environment) == (function in SIGNERS)
    for function in SIGNERS:
        environment = variables(aws, function)
        assert aws.text(environment["DOWNLOADS_URL"]) == "https://<DownloadsDistribution.DomainName>"
        assert environment["DOWNLOADS_SECRET"] == f"namo/{aws.stage}/downloads"


def test_the_key_itself_is_in_no_template(aws: Templates) -> None:
    assert "ImportSource" not in aws.one("AWS::CloudFront::KeyValueStore").properties
    assert aws.of("AWS::SecretsManager::Secret") == []


def test_every_request_is_checked_by_the_function_with_its_keys(aws: Templates) -> None:
    (function,) = (each for each in aws.of("AWS::CloudFront::Function") if "Check" in each.id)
    assert function.properties["FunctionCode"] == (EDGE / "links.js").read_text()
    assert function.properties["AutoPublish"] is True
    config = function.properties["FunctionConfig"]
    assert config["Runtime"] == "cloudfront-js-2.0"
    (keys,) = config["KeyValueStoreAssociations"]
    assert aws.text(keys["KeyValueStoreARN"]) == "<DownloadsKeys.Arn>"
    found = {each["EventType"]: aws.text(each["FunctionARN"]) for each in behavior(aws)["FunctionAssociations"]}
    assert found == {
        "viewer-request": "<DownloadsCheck.FunctionARN>",
        "viewer-response": "<DownloadsComplete.FunctionARN>",
    }


def test_every_answer_is_completed(aws: Templates) -> None:
    (function,) = (each for each in aws.of("AWS::CloudFront::Function") if "Complete" in each.id)
    assert function.properties["FunctionCode"] == (EDGE / "answers.js").read_text()
    assert function.properties["AutoPublish"] is True
    assert "KeyValueStoreAssociations" not in function.properties["FunctionConfig"]


def test_images_are_only_read_over_tls_and_come_as_they_are(aws: Templates) -> None:
    found = behavior(aws)
    assert found["AllowedMethods"] == ["GET", "HEAD"]
    assert found["ViewerProtocolPolicy"] == "https-only"
    assert found["Compress"] is False
    assert distribution(aws)["PriceClass"] == "PriceClass_200"


def test_a_signature_is_no_part_of_what_is_cached(aws: Templates) -> None:
    policy = aws.one("AWS::CloudFront::CachePolicy").properties["CachePolicyConfig"]
    kept = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert kept["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    assert kept["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert kept["CookiesConfig"] == {"CookieBehavior": "none"}
    assert "OriginRequestPolicyId" not in behavior(aws)


def test_no_copy_is_kept_longer_than_a_link_lasts(aws: Templates) -> None:
    policy = aws.one("AWS::CloudFront::CachePolicy").properties["CachePolicyConfig"]
    seconds = {2 * int(variables(aws, function)["LINK_SECONDS"]) for function in FOR_PEOPLE}
    # Above nothing: objects are stored as private, which CloudFront would obey.
    assert {policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]} == seconds == {3600}


def test_answers_say_that_they_are_images_and_nothing_else(aws: Templates) -> None:
    policy = aws.one("AWS::CloudFront::ResponseHeadersPolicy").properties["ResponseHeadersPolicyConfig"]
    security = policy["SecurityHeadersConfig"]
    assert security["ContentTypeOptions"] == {"Override": True}
    assert security["ContentSecurityPolicy"]["ContentSecurityPolicy"].startswith("default-src 'none'")
    assert security["FrameOptions"]["FrameOption"] == "DENY"
    assert security["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert security["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 31_536_000
    # What stands in for it adds the same.
    assert ADDED_HEADERS["Content-Security-Policy"] == security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
    assert ADDED_HEADERS["X-Frame-Options"] == security["FrameOptions"]["FrameOption"]
    assert ADDED_HEADERS["Referrer-Policy"] == security["ReferrerPolicy"]["ReferrerPolicy"]
    assert policy["CorsConfig"]["AccessControlAllowOrigins"] == {"Items": [ORIGIN]}


def test_the_bucket_is_asked_with_a_signature_of_cloudfronts(aws: Templates) -> None:
    (origin,) = distribution(aws)["Origins"]
    assert aws.text(origin["DomainName"]) == "<Media.RegionalDomainName>"
    assert aws.text(origin["OriginAccessControlId"]) == "<DownloadsAccess.Id>"
    config = aws.one("AWS::CloudFront::OriginAccessControl").properties["OriginAccessControlConfig"]
    assert (config["SigningBehavior"], config["SigningProtocol"]) == ("always", "sigv4")


def to_cloudfront(document: Json) -> list[Json]:
    service = {"Service": "cloudfront.amazonaws.com"}
    return [statement for statement in document["Statement"] if statement["Principal"] == service]


def test_the_distribution_reads_what_links_are_for_and_no_more(aws: Templates) -> None:
    policies = aws.of("AWS::S3::BucketPolicy")
    (statement,) = (found for each in policies for found in to_cloudfront(each.properties["PolicyDocument"]))
    assert (statement["Effect"], statement["Action"]) == ("Allow", "s3:GetObject")
    readable = {aws.text(resource) for resource in statement["Resource"]}
    assert readable == {f"<Media.Arn>/{prefix}/*" for prefix in READABLE}
    source = aws.text(statement["Condition"]["StringEquals"]["AWS:SourceArn"])
    assert source == "arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/<DownloadsDistribution>"


def test_the_stages_key_opens_what_the_distribution_reads(dev: Templates, prod: Templates) -> None:
    assert dev.of("AWS::KMS::Key") == []
    (statement,) = to_cloudfront(prod.one("AWS::KMS::Key").properties["KeyPolicy"])
    assert statement["Action"] == "kms:Decrypt"
    source = prod.text(statement["Condition"]["ArnLike"]["AWS:SourceArn"])
    assert source == "arn:<AWS::Partition>:cloudfront::<AWS::AccountId>:distribution/*"


def test_a_domain_of_ones_own_brings_its_certificate_and_tls_of_today(other: Templates) -> None:
    config = distribution(other)
    assert config["Aliases"] == [DOMAIN]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    for function in SIGNERS:
        assert variables(other, function)["DOWNLOADS_URL"] == f"https://{DOMAIN}"


@pytest.mark.parametrize("stage", AWS_STAGES)
@pytest.mark.parametrize(
    ("alone", "missing"),
    [({"domain": DOMAIN}, "downloads.certificate"), ({"certificate": CERTIFICATE}, "downloads.domain")],
)
def test_a_domain_and_its_certificate_come_together(stage: str, alone: dict[str, str], missing: str) -> None:
    with pytest.raises(StageError, match=missing):
        named(stage, {**NEEDED, "downloads": alone})


@pytest.mark.parametrize("file", ["links.js", "answers.js"])
def test_the_functions_keep_to_the_language_that_cloudfront_has(file: str) -> None:
    code = re.sub(r"//.*|/\*.*?\*/", "", (EDGE / file).read_text())
    beyond = r"\bof\b|\bclass\b|\?\?|\?\.|\.\.\.|\(await|\b(const|let|var)\s*[{\[]"
    assert re.findall(beyond, code) == []


def test_whatever_links_are_signed_for_can_be_read() -> None:
    original = keys.original_key(keys.result_prefix("vertex"), "image/png")
    linked = (
        original,
        keys.signed_key(original, labelled=False),
        keys.pdf_key(keys.result_prefix("documents")),
        *keys.resized_keys("id"),
        keys.upload_key("owner", "id"),
        keys.photo_key("owner", "document", "photo"),
        keys.avatar_key("owner", "avatar", "thumbnail"),
    )
    assert {key.partition("/")[0] for key in linked} == {*READABLE}
