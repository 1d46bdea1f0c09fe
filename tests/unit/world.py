"""A small studio in memory: its tables and bucket, and shortcuts to what tests do with them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from time_machine import Traveller

from infra.tables import TABLES, Index, Key, TableSpec
from studio.audit.table import AuditTrail
from studio.catalogue.rules import StageModels
from studio.clock import now
from studio.dynamo import update
from studio.images.model import JobKind
from studio.images.request import ImageRequest, camera_sync, edit, generation, texture_transfer, transformation
from studio.jobs.actions import JobActions
from studio.jobs.create import JobCreator, Limits
from studio.jobs.delete import Deletions
from studio.jobs.inputs import InputFinder
from studio.jobs.model import Job
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.ledger.item import entry_from_item
from studio.ledger.model import Entry
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.media.create_upload import UploadCreator, upload_request
from studio.media.keys import original_key, resized_key, sizes_of, upload_key
from studio.media.model import StoredFile, StoredImage, Upload
from studio.media.store import Media
from studio.media.table import Uploads, ready
from studio.people.addresses import Addresses
from studio.people.find_or_create import PersonFinder
from studio.people.join import PersonCreator, Profile
from studio.people.model import Caller, Person, Role
from studio.people.table import People
from studio.requests.table import Requests

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
USER = Caller("user-1", Role.USER)
OTHER = Caller("user-2", Role.USER)
BASICS: Any = {"clientRequestId": "request-1", "model": "nanobanana-pro", "prompt": "a lighthouse at dusk"}
ADDRESS_KEYS = {"1": "a key of addresses"}
PICTURE: Any = {"fileName": "sea.png", "contentType": "image/png", "byteSize": 9, "purpose": "REFERENCE"}
ADMIN = Caller("admin-1", Role.ADMIN)
WORKERS = ("vertex", "bedrock", "browser", "sagemaker")
LIMITS = Limits(
    free_images_per_day=3,
    job_ttl_days=30,
    deadline_seconds=840,
    patient_deadline_seconds=3600,
    pending_seconds=150,
    running_jobs=24,
    models=StageModels(WORKERS),
)


class KnownUsers:
    """A directory that knows everybody."""

    def profile(self, username: str) -> Profile:
        return Profile(username, f"{username}@namo.test", None)


@dataclass
class World:
    """The studio's parts on one in-memory AWS."""

    client: Any
    jobs: Jobs
    people: People
    ledger: Ledger
    requests: Requests
    usage: Usage
    uploads: Uploads
    media: Media
    clock: Traveller = field(init=False, repr=False)
    noon: datetime = NOON

    @classmethod
    def create(cls, client: Any, s3: Any) -> "World":
        for spec in TABLES:
            client.create_table(**_definition(spec))
        s3.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})
        return cls(
            client,
            Jobs("Jobs", client),
            People("People", client),
            Ledger("Ledger", client),
            Requests("Requests", client),
            Usage("Usage", client),
            Uploads("Uploads", client),
            Media("media", lambda: s3),
        )

    def begin(self, clock: Traveller, noon: datetime) -> "World":
        """Take a test's clock, which stands at its noon."""
        self.clock, self.noon = clock, noon
        return self.clear()

    def clear(self) -> "World":
        """Empty every table and the bucket, and set the clock back to noon."""
        objects = s3_backends[DEFAULT_ACCOUNT_ID]["aws"]
        for key in list(objects.buckets["media"].keys):
            objects.delete_object("media", key)
        for table in dynamodb_backends[DEFAULT_ACCOUNT_ID][self.client.meta.region_name].tables.values():
            table.items.clear()  # to make eleven tables anew would take most tests' time
        self.time = self.noon
        return self

    def store(self, file: StoredFile, content: bytes) -> None:
        """Store what a test begins with; of its objects most are such, and S3's own way to them takes long."""
        key = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].put_object("media", file.key, content)
        key.set_metadata({"Content-Type": file.content_type})

    @property
    def time(self) -> datetime:
        """What every clock of this process says; it stands until a test moves it."""
        return now()

    @time.setter
    def time(self, moment: datetime) -> None:
        self.clock.move_to(moment)

    @property
    def person_finder(self) -> PersonFinder:
        return PersonFinder(person_creator(self.client, 20), KnownUsers())  # pyright: ignore[reportArgumentType]

    @property
    def audit(self) -> AuditTrail:
        return AuditTrail("Audit", self.client)

    @property
    def job_creator(self) -> JobCreator:
        parts = (self.jobs, self.people, self.ledger, self.requests, self.usage, self.person_finder)
        return JobCreator(*parts, InputFinder(self.uploads, self.jobs), LIMITS)

    @property
    def upload_creator(self) -> UploadCreator:
        return UploadCreator(self.uploads, self.media)

    @property
    def refunds(self) -> Refunds:
        return Refunds(self.jobs, self.people, self.ledger, self.usage, self.requests)

    @property
    def job_actions(self) -> JobActions:
        return JobActions(self.jobs, self.deletions)

    @property
    def deletions(self) -> Deletions:
        return Deletions(self.jobs, self.refunds, self.media)

    def later(self, seconds: float) -> datetime:
        self.time += timedelta(seconds=seconds)
        return self.time

    def joined(self, caller: Caller = USER, points: int = 20) -> Person:
        profile = Profile(caller.sub, f"{caller.sub}@namo.test", None)
        person_creator(self.client, points).join(profile, self.time)
        if caller.is_admin:
            self.people.apply(update({"id": caller.sub}, set={"role": Role.ADMIN}))
        return self.person(caller)

    def person(self, caller: Caller = USER) -> Person:
        found = self.people.find(caller.sub)
        assert found
        return found

    def generate(self, caller: Caller = USER, **given: Any) -> list[Job]:
        return self.job_creator.accept(caller, asked(**given), self.time)

    def upload(self, caller: Caller = USER, **given: Any) -> Upload:
        """Begin an upload; nothing has arrived yet."""
        return self.upload_creator.create(caller, upload_request(PICTURE | given), self.time).upload

    def uploaded(self, caller: Caller = USER, **given: Any) -> str:
        """Bring a picture that has been looked at, and return its id."""
        upload = self.upload(caller, **given)
        key = upload_key(upload.owner, upload.id)
        image = StoredImage(key, upload.content_type, 640, 480, upload.byte_size)
        self.uploads.apply(ready(upload, image, {}, int((self.time + timedelta(days=30)).timestamp())))
        return upload.id

    def edit(self, caller: Caller = USER, **given: Any) -> Job:
        return self.job_creator.accept(caller, edit(BASICS | {"mode": "INPAINT_INSERT"} | given), self.time)[0]

    def camera(self, caller: Caller = USER, **given: Any) -> Job:
        return self.job_creator.accept(caller, camera_sync(BASICS | {"yaw": 30.0, "pitch": 0.0} | given), self.time)[0]

    def texture(self, caller: Caller = USER, **given: Any) -> Job:
        return self.job_creator.accept(caller, texture_transfer(BASICS | given), self.time)[0]

    def transform(self, kind: JobKind, caller: Caller = USER, **given: Any) -> Job:
        return self.job_creator.accept(caller, transformation(kind, BASICS | given), self.time)[0]

    def entries(self, caller: Caller = USER) -> list[Entry]:
        return [entry_from_item(row) for row in self.ledger.page(caller.sub, 100, None).rows]

    def drift(self, caller: Caller = USER) -> int:
        """Return the balance less the sum of its ledger lines, which must be 0."""
        return self.person(caller).points - sum(entry.points for entry in self.entries(caller))


def person_creator(client: Any, points: int) -> PersonCreator:
    addresses = Addresses("Addresses", lambda: ADDRESS_KEYS, client)
    return PersonCreator(People("People", client), Ledger("Ledger", client), Usage("Usage", client), addresses, points)


def picture_of(job: Job) -> StoredImage:
    """Return an image where the job's worker stores it."""
    return StoredImage(original_key(job.prefix, "image/png"), "image/png", 1024, 768, 99)


def thumbnail_of(job: Job) -> StoredImage:
    return StoredImage(resized_key(sizes_of(job.prefix), "thumbnail"), "image/webp", 320, 240, 9)


def asked(**given: Any) -> ImageRequest:
    return generation(BASICS | given)


def _definition(spec: TableSpec) -> dict[str, Any]:
    keys = [spec.partition, *([spec.sort] if spec.sort else [])]
    local: list[Key] = [spec.partition, ("at", "S")] if spec.by_time else []
    attributes = {*keys, *local, *(key for index in spec.indexes for key in _index_keys(index))}
    definition: dict[str, Any] = {
        "TableName": spec.name,
        "KeySchema": _schema(keys),
        "AttributeDefinitions": [{"AttributeName": n, "AttributeType": t} for n, t in sorted(attributes)],
        "BillingMode": "PAY_PER_REQUEST",
    }
    if spec.indexes:
        definition["GlobalSecondaryIndexes"] = [
            {"IndexName": index.name, "KeySchema": _schema(_index_keys(index)), "Projection": _projection(index)}
            for index in spec.indexes
        ]
    if local:
        definition["LocalSecondaryIndexes"] = [
            {"IndexName": "byTime", "KeySchema": _schema(local), "Projection": {"ProjectionType": "ALL"}}
        ]
    return definition


def _index_keys(index: Index) -> list[Key]:
    return [index.partition, *([index.sort] if index.sort else [])]


def _projection(index: Index) -> dict[str, Any]:
    """Give an index no more than it has in the templates: who reads a row from its keys alone shall fail here."""
    if index.include:
        return {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(index.include)}
    return {"ProjectionType": "KEYS_ONLY"}


def _schema(keys: list[Key]) -> list[dict[str, str]]:
    return [{"AttributeName": name, "KeyType": role} for (name, _), role in zip(keys, ("HASH", "RANGE"), strict=False)]
