"""The stack as a test uses it: people on demand, questions as anyone, events as they come."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

from local import accounts, documents
from local.client import Answer, Person, StackOutputs, post, sign_in, subscribed
from local.ministack import ROOT_KEY, Aws
from tests.sdl import committed, operation

ENDS = ("COMPLETED", "FAILED", "CANCELED")
PATIENCE_SECONDS = 180.0  # of a busy machine
_GRANT = operation(committed(), "Mutation.grantPoints")
_JOB = operation(committed(), "Query.job")


@dataclass
class Pause:
    """Waits between looks, longer each time: a look at a job takes 30 ms of the processor that the job waits for."""

    seconds: float = 0.05

    async def __call__(self) -> None:
        await asyncio.sleep(self.seconds)
        self.seconds = min(2 * self.seconds, 0.4)


@dataclass
class StackClient:
    """`as_` is user, admin (the demo accounts), api_key, guest, iam (the account's root), nobody, or a Person."""

    outputs: StackOutputs
    _people: dict[str, Person] = field(default_factory=dict[str, Person])

    @property
    def aws(self) -> Aws:
        return Aws(self.outputs["awsEndpoint"])

    def boto(self, service: str) -> Any:
        """A boto3 client with the emulator's root credentials."""
        return self.aws.client(service)

    def person(self, as_: str | Person) -> Person:
        if isinstance(as_, Person):
            return as_
        if as_ not in self._people:
            account = self.outputs["users"][as_]
            self._people[as_] = sign_in(self.outputs, account["email"], account["password"])
        return self._people[as_]

    async def new_user(self, points: int | None = None, *, admin: bool = False) -> Person:
        """Sign somebody up, with exactly so many points where a number is given."""
        account = {"email": f"{uuid.uuid4().hex}@namo.test", "password": accounts.new_password()}
        accounts.create(self.aws, self.outputs["userPoolId"], account, admin=admin)
        person = sign_in(self.outputs, account["email"], account["password"])
        if admin:
            assert (await self.graphql(documents.SET_ADMIN, {"id": person.sub}, person)).data["setRole"]
        if points is not None:
            await self.set_points(person, points)
        return person

    async def set_points(self, person: Person, points: int) -> None:
        balance = await self.points(person)
        if points != balance:
            gift = {
                "clientRequestId": str(uuid.uuid4()),
                "userId": person.sub,
                "points": points - balance,
                "note": "A test.",
            }
            assert (await self.graphql(_GRANT, {"input": gift}, as_="admin")).data["grantPoints"]["points"] == points

    async def points(self, as_: str | Person) -> int:
        return (await self.graphql(documents.ME, as_=as_)).data["me"]["points"]

    async def graphql(
        self, document: str, variables: Mapping[str, Any] | None = None, as_: str | Person = "user"
    ) -> Answer:
        """Ask over HTTP."""
        url = self.outputs["graphqlUrl"]
        match as_:
            case "nobody":
                headers = {}
            case "api_key":
                headers = {"x-api-key": self.outputs["apiKey"]}
            case "iam" | "guest":
                sign = partial(self.signed, self.root if as_ == "iam" else self.guest)
                return await post(url, document, variables, {}, sign=sign)
            case _:
                headers = {"authorization": self.person(as_).token}
        return await post(url, document, variables, headers)

    @property
    def root(self) -> Credentials:
        return Credentials(ROOT_KEY, ROOT_KEY)

    @cached_property
    def guest(self) -> Credentials:
        """What the identity pool gives to somebody who has not signed in; it asks no signature for it."""
        config = Config(signature_version=UNSIGNED)
        pool = boto3.client(
            "cognito-identity",
            endpoint_url=self.outputs["awsEndpoint"],
            region_name=self.outputs["region"],
            config=config,
        )
        identity = pool.get_id(IdentityPoolId=self.outputs["identityPoolId"])["IdentityId"]
        given = pool.get_credentials_for_identity(IdentityId=identity)["Credentials"]
        return Credentials(given["AccessKeyId"], given["SecretKey"], given["SessionToken"])

    def signed(self, credentials: Credentials, url: str, body: str, headers: Mapping[str, str]) -> Mapping[str, str]:
        request = AWSRequest("POST", url, dict(headers), body)
        SigV4Auth(credentials, "appsync", self.outputs["region"]).add_auth(request)
        return {name: str(value) for name, value in request.headers.items()}

    def subscribe(
        self, document: str = documents.ON_JOB, variables: Mapping[str, Any] | None = None, as_: str | Person = "user"
    ) -> AbstractAsyncContextManager[AsyncGenerator[dict[str, Any]]]:
        """Events from the moment that the API has taken the subscription; of all the person's jobs by default."""
        person = self.person(as_)
        return subscribed(self.outputs, person, document, variables or {"owner": person.sub})

    async def generate(self, as_: str | Person = "user", **wanted: Any) -> list[dict[str, Any]]:
        """Ask for images; the jobs as answered."""
        given = {
            "clientRequestId": str(uuid.uuid4()),
            "model": "nanobanana-pro",
            "prompt": "A quiet harbour at dawn",
        } | wanted
        return (await self.graphql(documents.GENERATE, {"input": given}, as_)).data["generateImages"]

    async def ended(self, job_id: str, as_: str | Person = "user") -> dict[str, Any]:
        """The job when nothing more happens to it: it has its smaller sizes, or its points are back."""
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, Pause()
        while True:
            job = (await self.graphql(_JOB, {"id": job_id}, as_)).data["job"]
            sized = job["status"] == "COMPLETED" and job["image"]["thumbnail"]
            if sized or (job["status"] in ENDS and job["charge"]["refundedAt"]):
                return job
            assert time.monotonic() < deadline, job
            await pause()
