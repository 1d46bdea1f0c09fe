"""Downloads: CloudFront in front of the private bucket, for links that the studio signed and a function checks."""

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Aws, CfnOutput, Duration, Stack
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.access import READABLE
from infra.constructs.audit import explain
from infra.constructs.interfaces import as_interface
from infra.stages import Address, Stage

EDGE = Path(__file__).parents[1] / "edge"
_CLOUDFRONT = as_interface(iam.ServicePrincipal("cloudfront.amazonaws.com"))
_HTTPS = cloudfront.ViewerProtocolPolicy.HTTPS_ONLY


class Downloads(Construct):
    """The distribution; `url` is where its links begin."""

    def __init__(self, scope: Construct, stage: Stage, address: Address, media: s3.Bucket, key: kms.Key | None) -> None:
        super().__init__(scope, "Downloads")
        self._stage = stage
        self._address = address
        self._keys = cloudfront.KeyValueStore(self, "Keys", comment=f"NamO Studio, {stage.name}: keys of links")
        self._distribution = self._distribute(media)
        self.url = f"https://{address.domain or self._distribution.distribution_domain_name}"
        self._explain()
        self._let_read(media)
        if key:
            _let_decrypt(key)
        # Also where links have a domain of their own: what is deployed may import it until its next deploy.
        Stack.of(self).export_value(self._distribution.distribution_domain_name)
        CfnOutput(scope, "DownloadsDomain", value=self._distribution.distribution_domain_name)
        CfnOutput(scope, "DownloadsKeys", value=self._keys.key_value_store_arn)

    def _distribute(self, media: s3.Bucket) -> cloudfront.Distribution:
        access = cloudfront.S3OriginAccessControl(self, "Access").origin_access_control_id
        # The CDK's other way to the same origin opens the whole bucket.
        origin = origins.S3BucketOrigin.with_bucket_defaults(media, origin_access_control_id=access)
        event = cloudfront.FunctionEventType
        check = self._run("Check", "links.js", event.VIEWER_REQUEST, "Lets signed links through", self._keys)
        complete = self._run("Complete", "answers.js", event.VIEWER_RESPONSE, "Completes the headers of answers")
        return cloudfront.Distribution(
            self,
            "Distribution",
            comment=f"NamO Studio, {self._stage.name}: downloads",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origin,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_GET_HEAD,
                viewer_protocol_policy=_HTTPS,
                compress=False,
                cache_policy=as_interface(self._cache()),
                response_headers_policy=as_interface(self._headers()),
                function_associations=[check, complete],
            ),
            domain_names=[self._address.domain] if self._address.domain else None,
            certificate=self._certificate(),
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            # Asia too, where the bucket is, but not every continent.
            price_class=cloudfront.PriceClass.PRICE_CLASS_200,
            http_version=cloudfront.HttpVersion.HTTP2_AND_3,
        )

    def _run(
        self,
        name: str,
        file: str,
        event: cloudfront.FunctionEventType,
        comment: str,
        keys: cloudfront.KeyValueStore | None = None,
    ) -> cloudfront.FunctionAssociation:
        function = cloudfront.Function(
            self,
            name,
            comment=comment,
            code=cloudfront.FunctionCode.from_inline((EDGE / file).read_text(encoding="utf-8")),
            runtime=cloudfront.FunctionRuntime.JS_2_0,
            key_value_store=as_interface(keys) if keys else None,
        )
        return cloudfront.FunctionAssociation(function=as_interface(function), event_type=event)

    def _cache(self) -> cloudfront.CachePolicy:
        # Objects call themselves private, which the least time overrules: CloudFront has the function to refuse. No
        # link outlives a deleted image by more than its own time, so no copy need be kept shorter.
        time = Duration.seconds(2 * self._stage.limits.link_seconds)
        return cloudfront.CachePolicy(
            self,
            "Cache",
            comment="By path alone",
            min_ttl=time,
            default_ttl=time,
            max_ttl=time,
            query_string_behavior=cloudfront.CacheQueryStringBehavior.none(),
            header_behavior=cloudfront.CacheHeaderBehavior.none(),
            cookie_behavior=cloudfront.CacheCookieBehavior.none(),
        )

    def _headers(self) -> cloudfront.ResponseHeadersPolicy:
        return cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            comment="Images, and nothing but images",
            cors_behavior=_cors(self._stage.web_origins),
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy="default-src 'none'; frame-ancestors 'none'", override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=Duration.days(365), override=True
                ),
            ),
        )

    def _certificate(self) -> acm.ICertificate | None:
        arn = self._address.certificate
        return acm.Certificate.from_certificate_arn(self, "Certificate", arn) if arn else None

    def _let_read(self, media: s3.Bucket) -> None:
        media.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[_CLOUDFRONT],
                actions=["s3:GetObject"],
                resources=[media.arn_for_objects(f"{prefix}/*") for prefix in READABLE],
                conditions={"StringEquals": {"AWS:SourceArn": self._distribution.distribution_arn}},
            )
        )

    def _explain(self) -> None:
        distribution = self._distribution
        explain(distribution, "AwsSolutions-CFR1", "People may work from anywhere; a link is for whoever holds it.")
        explain(
            distribution, "AwsSolutions-CFR2", "Nothing answers here but to a signature; a firewall comes with WAF."
        )
        why = "Its logs would store whole links, signatures included; S3's, where there are, say what it fetched."
        explain(distribution, "AwsSolutions-CFR3", why)
        if not self._address.domain:
            explain(distribution, "AwsSolutions-CFR4", "CloudFront's own certificate has no choice of TLS versions.")


def _cors(web_origins: Sequence[str]) -> cloudfront.ResponseHeadersCorsBehavior | None:
    if not web_origins:
        return None
    return cloudfront.ResponseHeadersCorsBehavior(
        access_control_allow_credentials=False,
        access_control_allow_headers=["*"],
        access_control_allow_methods=["GET", "HEAD"],
        access_control_allow_origins=list(web_origins),
        access_control_expose_headers=["ETag"],
        access_control_max_age=Duration.hours(1),
        origin_override=True,
    )


def _let_decrypt(key: kms.Key) -> None:
    """Let the account's distributions read what lies under the key.

    The one distribution cannot be named: it names the bucket, and the bucket the key.
    """
    distributions = f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/*"
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[_CLOUDFRONT],
            actions=["kms:Decrypt"],
            resources=["*"],
            conditions={"ArnLike": {"AWS:SourceArn": distributions}},
        )
    )
