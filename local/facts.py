"""What a deployed stack is called: read back from the outputs of its CloudFormation stacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from infra.functions import ALL, function_name
from infra.tables import TABLES
from local.ministack import Aws

PREFIX: Final = "namo-local-"


@dataclass(frozen=True)
class Facts:
    """Names and ids of one deployed stack. `tables` and `functions` map our names to the deployed ones.

    `inference_topics` hear of successes and of errors, `mail_topic` of what becomes of mails.
    """

    api_id: str
    api_key: str
    user_pool_id: str
    user_pool_client_id: str
    identity_pool_id: str
    media_bucket: str
    archive_bucket: str
    webhooks_url: str
    tables: Mapping[str, str]
    functions: Mapping[str, str]
    inference_topics: tuple[str, str]
    mail_topic: str


def read(aws: Aws) -> Facts:
    """Raise KeyError with the output's name where a stack does not have it."""
    outputs = _outputs(aws)
    return Facts(
        api_id=outputs["ApiId"],
        api_key=outputs["ApiKey"],
        user_pool_id=outputs["UserPoolId"],
        user_pool_client_id=outputs["UserPoolClientId"],
        identity_pool_id=outputs["IdentityPoolId"],
        media_bucket=outputs["MediaBucket"],
        archive_bucket=outputs["ArchiveBucket"],
        webhooks_url=outputs["WebhooksUrl"],
        tables={spec.name: outputs[f"{spec.name}Table"] for spec in TABLES},
        functions={spec.name: function_name("local", spec.name) for spec in ALL},
        inference_topics=(outputs["InferenceSuccessTopic"], outputs["InferenceErrorTopic"]),
        mail_topic=outputs["MailTopic"],
    )


def _outputs(aws: Aws) -> dict[str, str]:
    stacks = aws.client("cloudformation").describe_stacks()["Stacks"]
    ours = [stack for stack in stacks if stack["StackName"].startswith(PREFIX)]
    return {each["OutputKey"]: each["OutputValue"] for stack in ours for each in stack.get("Outputs", [])}
