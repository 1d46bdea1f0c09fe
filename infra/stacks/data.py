"""What is kept: tables, the bucket and its downloads, the key over them; the domain of mail, and alarms' topic."""

from aws_cdk import CfnOutput, Duration
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.audit import explain
from infra.constructs.downloads import Downloads
from infra.constructs.interfaces import as_interface
from infra.constructs.mail import MailDomain
from infra.constructs.retention import removal
from infra.monitoring.alarms import Alarms
from infra.stacks.base import StageStack
from infra.stages import Stage
from infra.tables import TABLES, TableSpec

_CHANGING = ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete")


class Data(StageStack):
    """The stage's data.

    `key` is None where the stage has no key of its own, `mail` where none is sent. Links begin with `downloads_url`.
    """

    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "data")
        self.key = self._own_key() if stage.hardening.own_key else None
        self.tables = {spec.name: self._table(spec) for spec in TABLES}
        logs = self._log_bucket() if stage.hardening.access_logs else None
        self.media, self.archive = self._bucket("Media", logs), self._archive(logs)
        if not logs:
            for bucket in (self.media, self.archive):
                explain(bucket, "AwsSolutions-S1", "A stage for trying things holds nothing worth an access log.")
        self._keep_media()
        self._open_to_browsers()
        self._tell_of_objects()
        self.downloads_url = stage.downloads_url or Downloads(self, stage, stage.downloads, self.media, self.key).url
        self.alarms = Alarms(self, stage) if stage.monitoring.alarms else None
        self.mail = MailDomain(self, stage, stage.mail, self.alarms) if stage.mail else None
        CfnOutput(self, "MediaBucket", value=self.media.bucket_name)
        CfnOutput(self, "ArchiveBucket", value=self.archive.bucket_name)

    @property
    def media_arn(self) -> str:
        return self.export_value(self.media.bucket_arn)

    @property
    def archive_arn(self) -> str:
        return self.export_value(self.archive.bucket_arn)

    def stream_arn(self, name: str) -> str:
        return self.export_value(self.tables[name].table_stream_arn)

    def table_arn(self, name: str) -> str:
        """Return a table's ARN as the other stacks import it; the audit's findings are named after that import."""
        return self.export_value(self.tables[name].table_arn)

    def _own_key(self) -> kms.Key:
        return kms.Key(
            self,
            "Key",
            description=f"NamO Studio, {self.stage.name}: tables and images",
            enable_key_rotation=True,
            removal_policy=removal(self.stage),
        )

    def _table(self, spec: TableSpec) -> dynamodb.Table:
        guard = self.stage.hardening
        table = dynamodb.Table(
            self,
            spec.name,
            partition_key=_attribute(spec.partition),
            sort_key=_attribute(spec.sort) if spec.sort else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if spec.stream else None,
            time_to_live_attribute=spec.expires,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED if self.key else dynamodb.TableEncryption.DEFAULT,
            encryption_key=as_interface(self.key),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=guard.backups
            ),
            deletion_protection=self.stage.deletion_protection,
            resource_policy=_append_only() if spec.append_only else None,
            removal_policy=removal(self.stage),
        )
        for index in spec.indexes:
            table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_attribute(index.partition),
                sort_key=_attribute(index.sort) if index.sort else None,
                projection_type=dynamodb.ProjectionType.INCLUDE if index.include else dynamodb.ProjectionType.KEYS_ONLY,
                non_key_attributes=list(index.include) or None,
            )
        if spec.by_time:
            table.add_local_secondary_index(index_name="byTime", sort_key=_attribute(("at", "S")))
        CfnOutput(self, f"{spec.name}Table", value=table.table_name)
        return table

    def _bucket(
        self,
        name: str,
        logs: s3.IBucket | None = None,
        *,
        own_key: bool = True,
        lock: s3.ObjectLockRetention | None = None,
    ) -> s3.Bucket:
        key = self.key if own_key else None
        return s3.Bucket(
            self,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            enforce_ssl=self.stage.hardening.tls_only,
            encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
            encryption_key=as_interface(key),
            # One data key for many objects: without it every image would cost a KMS request.
            bucket_key_enabled=True if key else None,
            server_access_logs_bucket=logs,
            server_access_logs_prefix=f"{name.lower()}/" if logs else None,
            versioned=True if lock else None,
            object_lock_default_retention=lock,
            removal_policy=removal(self.stage),
        )

    def _archive(self, logs: s3.Bucket | None) -> s3.Bucket:
        """Make a bucket in which nothing can be changed, and of which everything goes when its time is over.

        Under S3's own key: whoever could delete ours would make an end of all that is locked.
        """
        days = self.stage.hardening.archive_days
        retention = s3.ObjectLockRetention
        lock = retention.compliance if self.stage.hardening.archive_compliance else retention.governance
        archive = self._bucket("Archive", logs, own_key=False, lock=lock(Duration.days(days)))
        archive.add_lifecycle_rule(
            id="expire", expiration=Duration.days(days + 1), noncurrent_version_expiration=Duration.days(1)
        )
        return archive

    def _log_bucket(self) -> s3.Bucket:
        # S3 delivers access logs into buckets under its own keys only.
        logs = self._bucket("AccessLogs", own_key=False)
        logs.add_lifecycle_rule(id="expire", expiration=Duration.days(90))
        explain(logs, "AwsSolutions-S1", "It holds the access logs; logging itself would never end.")
        return logs

    def _keep_media(self) -> None:
        """Let objects go a day after the rows that name them: a row that is there has its object."""
        jobs, uploads = self.stage.limits.job_ttl_days + 1, self.stage.limits.upload_ttl_days + 1
        rare, cold = s3.StorageClass.INFREQUENT_ACCESS, s3.StorageClass.GLACIER
        self.media.add_lifecycle_rule(id="unfinished-uploads", abort_incomplete_multipart_upload_after=Duration.days(1))
        self._keep("incoming", 1)
        self._keep("uploads", uploads)
        self._keep("quarantine", uploads)
        self._keep("results", jobs, (rare, 30))
        self._keep("resized", max(jobs, uploads), (rare, 30))
        self._keep("signed", jobs, (rare, 30))
        self._keep("inference/input", 30)
        # What is fetched from there is moved; Glacier asks for 90 days at least.
        self._keep("inference/output", 180, (rare, 30), (cold, 90))

    def _keep(self, prefix: str, days: int, *colder: tuple[s3.StorageClass, int]) -> None:
        self.media.add_lifecycle_rule(
            id=prefix.replace("/", "-"),
            prefix=f"{prefix}/",
            expiration=Duration.days(days),
            transitions=[
                s3.Transition(storage_class=kind, transition_after=Duration.days(after)) for kind, after in colder
            ],
        )

    def _open_to_browsers(self) -> None:
        if self.stage.web_origins:
            self.media.add_cors_rule(
                allowed_origins=list(self.stage.web_origins),
                allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.HEAD, s3.HttpMethods.POST],
                allowed_headers=["*"],
                exposed_headers=["ETag"],
                max_age=3600,
            )

    def _tell_of_objects(self) -> None:
        """Send the bucket's events to EventBridge. The CDK's own method would do it with a function."""
        bucket = self.media.node.default_child
        assert isinstance(bucket, s3.CfnBucket)
        bucket.notification_configuration = s3.CfnBucket.NotificationConfigurationProperty(
            event_bridge_configuration=s3.CfnBucket.EventBridgeConfigurationProperty(event_bridge_enabled=True)
        )


def _append_only() -> iam.PolicyDocument:
    """Deny everybody in the account, whatever their own policies say, to change lines or remove them."""
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[as_interface(iam.AnyPrincipal())],
                actions=[f"dynamodb:{action}" for action in _CHANGING],
                resources=["*"],  # in a table's own policy, the table
            )
        ]
    )


def _attribute(spec: tuple[str, str]) -> dynamodb.Attribute:
    name, kind = spec
    return dynamodb.Attribute(
        name=name, type=dynamodb.AttributeType.NUMBER if kind == "N" else dynamodb.AttributeType.STRING
    )
