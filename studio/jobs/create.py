"""Taking a request in: one transaction takes the points and makes the jobs, or nothing happens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from studio import ids
from studio.catalogue import rules
from studio.catalogue.model import Model
from studio.catalogue.rules import StageModels
from studio.clock import after, iso, millis
from studio.dynamo import ConditionFailed, Item, Write, transact
from studio.errors import ErrorType, StudioError
from studio.images.edits import check_canvas, check_mask
from studio.images.request import ImageRequest, retry_fingerprint
from studio.jobs import price
from studio.jobs.brakes import sentence_of
from studio.jobs.inputs import InputFinder
from studio.jobs.model import Job, JobEvent, JobStatus
from studio.jobs.refund import free_image
from studio.jobs.running import RunningJobs
from studio.jobs.table import Jobs
from studio.ledger.model import Charge, Entry, PointsReason
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.optimistic import retry
from studio.people.find_or_create import PersonFinder
from studio.people.guard import refuse
from studio.people.item import person_from_item
from studio.people.model import Caller, Person
from studio.people.table import People
from studio.requests.table import Request, Requests, checked_id

# Where they are in the transaction.
_REQUEST, _PERSON, _USAGE = range(3)


@dataclass(frozen=True)
class Limits:
    """The stage's figures for new jobs, and the models that it has."""

    free_images_per_day: int
    job_ttl_days: int
    deadline_seconds: int
    patient_deadline_seconds: int
    pending_seconds: int
    running_jobs: int
    models: StageModels


@dataclass(frozen=True)
class JobCreator:
    """Where requests for images come in."""

    jobs: Jobs
    people: People
    ledger: Ledger
    requests: Requests
    usage: Usage
    person_finder: PersonFinder
    input_finder: InputFinder
    limits: Limits

    def accept(self, caller: Caller, asked: ImageRequest, now: datetime) -> list[Job]:
        """Charge for the images and put their jobs on the table, all or nothing, in one round trip.

        The same request again answers with the jobs it made the first time, and is not charged.

        Raises
        ------
        StudioError
            What the caller must change; nothing was charged.
        """
        new = tuple(ids.new() for _ in range(asked.count))
        request = Request(caller.sub, asked.client_request_id, asked.fingerprint, new)
        try:
            model = self.limits.models.named(asked.model)
            rules.usable(model, caller, asked.kind, now.date())
            rules.able(model, asked.kind, asked.spec, asked.references)
            spec = replace(asked.spec, inputs=self.input_finder.find(caller.sub, asked.inputs, now))
            check_canvas(spec)
            check_mask(spec)
            rules.check_upscaled(model, asked.kind, spec)
        except StudioError:
            # What was accepted once stays accepted, though its model has been retired or its upload expired since.
            if (made := self._made_before(caller, request)) is None:
                raise
            return made
        return self._charge(caller, replace(asked, spec=spec), request, model, now)

    def retried(self, caller: Caller, id_: str, client_request_id: str) -> list[Job] | None:
        """Return what a retry of a job made when it was first asked, if it was; the job itself may be gone since.

        Raises
        ------
        StudioError
            ID_MALFORMED, REQUEST_ID_MALFORMED, REQUEST_ID_REUSED, REQUEST_DELETED.
        """
        mark = retry_fingerprint(ids.checked(id_))
        return self._made_before(caller, Request(caller.sub, checked_id(client_request_id), mark, ()))

    def _made_before(self, caller: Caller, request: Request) -> list[Job] | None:
        if (made := self.requests.made_before(request)) is None:
            return None
        if person := self.people.find(caller.sub):
            refuse(person, caller)
        return self._made(made)

    def _charge(self, caller: Caller, asked: ImageRequest, request: Request, model: Model, now: datetime) -> list[Job]:
        def attempt() -> list[Job]:
            each = price.charges(model, asked.count, self.free_left(caller, model, now), now.date().isoformat())
            jobs = [self._job(caller, asked, request, model, i, charge, now) for i, charge in enumerate(each)]
            try:
                self._write(caller, request, model, jobs, now)
            except ConditionFailed as failed:
                if row := failed.refused.get(_PERSON):
                    refuse(person_from_item(row), caller)  # who is shut out does not get old jobs either
                if _REQUEST in failed.refused:
                    return self._made(self.requests.same(request, failed.refused[_REQUEST]))
                if _PERSON in failed.refused:
                    self._admit(caller, model, failed.refused[_PERSON], jobs, now)
                raise
            return jobs

        return retry(attempt)

    def free_left(self, caller: Caller, model: Model, now: datetime) -> int:
        day = now.date().isoformat()
        return price.free_left(self.usage, caller.sub, model, day, self.limits.free_images_per_day)

    def quote(self, caller: Caller, model: Model, count: int, now: datetime) -> price.Quote:
        """Return exactly what `accept` would charge now."""
        each = price.charges(model, count, self.free_left(caller, model, now), now.date().isoformat())
        return price.quote(each, self.person_finder.caller(caller, now).points)

    def _job(
        self,
        caller: Caller,
        asked: ImageRequest,
        request: Request,
        model: Model,
        index: int,
        charge: Charge,
        now: datetime,
    ) -> Job:
        return Job(
            id=request.made[index],
            owner=caller.sub,
            request_id=request.client_request_id,
            kind=asked.kind,
            model=model.id,
            worker=model.worker,
            spec=asked.spec_of(index, drawn=model.takes_seed(asked.kind)),
            charge=charge,
            status=JobStatus.PENDING,
            version=1,
            # Apart by a millisecond: a list that is newest first then has them in their order.
            created_at=iso(now - timedelta(milliseconds=index)),
            updated_at=iso(now),
            deadline=millis(after(now, self._deadline_seconds(model))),
            expires_at=int(now.timestamp()) + self.limits.job_ttl_days * 86_400,
            index=index,
            due=millis(after(now, self.limits.pending_seconds)),
            link=asked.link,
            history=(JobEvent(1, JobStatus.PENDING, iso(now)),),
        )

    def _deadline_seconds(self, model: Model) -> int:
        return self.limits.patient_deadline_seconds if model.patient else self.limits.deadline_seconds

    def _write(self, caller: Caller, request: Request, model: Model, jobs: list[Job], now: datetime) -> None:
        owner, charges = request.owner, [job.charge for job in jobs]
        lines = [
            Entry(owner, PointsReason.CHARGE, job.id, -job.charge.points, iso(now), job_id=job.id)
            for job in jobs
            if job.charge.points
        ]
        free = [free_image(model.id, job.id) for job in jobs if job.charge.free_images]
        writes = [
            self.requests.new(request, iso(now), free),
            self._spend(caller, model, jobs, len(lines), now),
            self.usage.take(owner, model.id, charges, model.free_per_day(self.limits.free_images_per_day)),
            *(self.jobs.new(job) for job in jobs),
            *(self.ledger.append(line) for line in lines),
        ]
        transact(self.jobs.client, writes)

    def _spend(self, caller: Caller, model: Model, jobs: list[Job], lines: int, now: datetime) -> Write:
        room, begun = self.limits.running_jobs - len(jobs), {job.id for job in jobs}
        return self.people.spend(caller, _points(jobs), lines, begun, room, now, as_admin=model.admin_only)

    def _admit(self, caller: Caller, model: Model, row: Item, jobs: list[Job], now: datetime) -> None:
        """Say why the person's row refused the charge, or change it so that the next try is admitted."""
        if not row:
            self.person_finder.join(caller.sub, now)
            return
        person = person_from_item(row)
        rules.open_to(model, person.role)
        _refuse_closed(person, now)
        if person.points < _points(jobs):
            message = "You do not have enough points for this."
            raise StudioError(ErrorType.POINTS_NOT_ENOUGH, message, needed=_points(jobs), have=person.points)
        RunningJobs(self.jobs, self.people, self.limits.running_jobs).make_room(person, len(jobs), now)

    def _made(self, made: Sequence[str]) -> list[Job]:
        jobs = self.jobs.find_many(made)
        if not jobs:
            raise StudioError(ErrorType.REQUEST_DELETED, "The images of this request have been deleted.")
        return jobs


def _points(jobs: list[Job]) -> int:
    return sum(job.charge.points for job in jobs)


def _refuse_closed(person: Person, now: datetime) -> None:
    if person.closed_until > millis(now):
        raise StudioError(ErrorType.GENERATION_CLOSED, sentence_of(person))
