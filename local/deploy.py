"""Deploy a cloud assembly into the emulator, as `cdk deploy` would: assets, then stacks in order."""

import json
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import ClientError

from local import gaps
from local.assembly import Asset, StackArtifact, digest
from local.ministack import ACCOUNT, REGION, Aws

BOOTSTRAP_BUCKET: Final = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"
BOOTSTRAP_VERSION: Final = "/cdk-bootstrap/hnb659fds/version"
DEPLOYED: Final = "/namo/local/deployed/"
STACK_SECONDS: Final = 60.0
# A creation that failed leaves a shell that can only be deleted.
NOTHING_STANDS: Final = ("ROLLBACK_COMPLETE", "DELETE_COMPLETE", "CREATE_FAILED")

Say = Callable[[str], None]


class DeployError(RuntimeError):
    """A stack did not reach its end; the message names the resources and their reasons."""


@dataclass(frozen=True)
class Deployer:
    """Puts stacks into one emulator and remembers there, beside them, what it put."""

    aws: Aws
    say: Say

    def deploy(self, stacks: list[StackArtifact], addresses: Mapping[str, str]) -> list[str]:
        """Deploy what differs from what stands; return the names of the stacks that changed.

        `addresses` maps the placeholders the templates were synthesized with to this stack's own addresses.
        """
        templates = {stack.name: _filled(stack, addresses) for stack in stacks}
        for line in gaps.described(gap for template in templates.values() for gap in gaps.adapt(template)):
            self.say(line)
        standing = self._standing()
        fresh = {name: digest(template) for name, template in templates.items()}
        changed = [stack for stack in stacks if standing.get(stack.name) != fresh[stack.name]]
        if not changed:
            return []
        self._bootstrap()
        self._upload({asset.key: asset for stack in changed for asset in stack.assets})
        self._in_order(changed, templates, fresh)
        return [stack.name for stack in changed]

    def _standing(self) -> dict[str, str]:
        pages = self.aws.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=DEPLOYED)
        return {each["Name"].removeprefix(DEPLOYED): each["Value"] for page in pages for each in page["Parameters"]}

    def _bootstrap(self) -> None:
        self.aws.client("ssm").put_parameter(Name=BOOTSTRAP_VERSION, Value="21", Type="String", Overwrite=True)
        try:
            self.aws.client("s3").create_bucket(
                Bucket=BOOTSTRAP_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
            )
        except ClientError as error:
            if "BucketAlready" not in str(error):
                raise

    def _upload(self, assets: dict[str, Asset]) -> None:
        s3 = self.aws.client("s3")
        held = {each["Key"] for each in s3.list_objects_v2(Bucket=BOOTSTRAP_BUCKET).get("Contents", [])}
        missing = [asset for key, asset in assets.items() if key not in held]
        with ThreadPoolExecutor(4) as pool:
            list(
                pool.map(lambda asset: s3.put_object(Bucket=asset.bucket, Key=asset.key, Body=asset.content()), missing)
            )

    def _in_order(
        self, stacks: list[StackArtifact], templates: dict[str, dict[str, Any]], digests: dict[str, str]
    ) -> None:
        """Deploy each as soon as those it needs stand; independent ones side by side."""
        started: dict[str, Future[None]] = {}

        def one(stack: StackArtifact) -> None:
            for need in stack.needs & started.keys():
                started[need].result()
            self._deploy_one(stack.name, templates[stack.name])
            self.aws.client("ssm").put_parameter(
                Name=DEPLOYED + stack.name, Value=digests[stack.name], Type="String", Overwrite=True
            )

        with ThreadPoolExecutor(len(stacks)) as pool:
            for stack in stacks:
                started[stack.name] = pool.submit(one, stack)
        for future in started.values():
            future.result()

    def _deploy_one(self, name: str, template: dict[str, Any]) -> None:
        key = f"templates/{name}.json"
        self.aws.client("s3").put_object(Bucket=BOOTSTRAP_BUCKET, Key=key, Body=json.dumps(template).encode())
        cloudformation = self.aws.client("cloudformation")
        if (standing := self._status(name)) in NOTHING_STANDS:
            cloudformation.delete_stack(StackName=name)
        act = cloudformation.create_stack if standing in {"", *NOTHING_STANDS} else cloudformation.update_stack
        try:
            act(
                StackName=name,
                TemplateURL=f"{self.aws.endpoint}/{BOOTSTRAP_BUCKET}/{key}",
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
            )
        except ClientError as error:
            if "No updates are to be performed" in str(error):
                return
            raise DeployError(f"{name}: {error}") from error
        self._await(name)

    def _await(self, name: str) -> None:
        deadline = time.monotonic() + STACK_SECONDS
        while (status := self._status(name)).endswith("IN_PROGRESS"):
            if time.monotonic() > deadline:
                raise DeployError(f"{name} is still {status} after {STACK_SECONDS:.0f} s")
            time.sleep(0.05)
        if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
            raise DeployError(f"{name} is {status}\n" + "\n".join(self._reasons(name)))

    def _status(self, name: str) -> str:
        """The stack's status; empty where there is none."""
        try:
            return self.aws.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
        except ClientError as error:
            if "does not exist" in str(error):
                return ""
            raise

    def _reasons(self, name: str) -> list[str]:
        events = self.aws.client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
        failed = [each for each in events if each["ResourceStatus"].endswith("FAILED")]
        return [f"  {each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}" for each in failed]


def _filled(stack: StackArtifact, addresses: Mapping[str, str]) -> dict[str, Any]:
    text = json.dumps(stack.template)
    for placeholder, value in {**addresses, **{asset.written_key: asset.key for asset in stack.assets}}.items():
        text = text.replace(placeholder, value)
    return json.loads(text)
