"""Which of their jobs somebody asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from studio import text
from studio.clock import iso
from studio.errors import ErrorType, StudioError
from studio.jobs.model import Job

if TYPE_CHECKING:
    from studio.inputs import JobFilter

MAX_IDS = 100


@dataclass(frozen=True)
class JobConditions:
    """What must hold of a job, all of it; None asks for nothing. Texts are folded: their case does not count."""

    statuses: frozenset[str] | None = None
    kinds: frozenset[str] | None = None
    model: str | None = None
    ids: tuple[str, ...] | None = None
    request_id: str | None = None
    board_id: str | None = None
    created_after: str | None = None
    updated_since: str | None = None
    text: str | None = None
    tag: str | None = None
    favorite: bool | None = None

    def match(self, job: Job) -> bool:
        """Tell whether it is a job like this; what renders a document is shown as the document's."""
        return not job.is_document and self._fields_match(job) and self._times_match(job) and self._words_match(job)

    def _fields_match(self, job: Job) -> bool:
        among = (job.status, self.statuses), (job.kind, self.kinds), (job.id, self.ids)
        board = (job.link or {}).get("boardId")
        equal = (
            (job.model, self.model),
            (job.request_id, self.request_id),
            (board, self.board_id),
            (job.favorite, self.favorite),
        )
        return all(wish is None or has in wish for has, wish in among) and all(
            wish is None or has == wish for has, wish in equal
        )

    def _times_match(self, job: Job) -> bool:
        after, since = self.created_after, self.updated_since
        return (after is None or job.created_at > after) and (since is None or job.updated_at >= since)

    def _words_match(self, job: Job) -> bool:
        said = self.text is None or self.text in text.folded(job.image_spec.prompt)
        return said and (self.tag is None or self.tag in map(text.folded, job.tags))


def conditions(given: "JobFilter | None") -> JobConditions:
    """Check a JobFilter.

    Raises
    ------
    StudioError
        TIME_MALFORMED, TOO_MANY_IDS.
    """
    if given is None:
        return JobConditions()
    ids = given.get("ids")
    if ids is not None and len(ids) > MAX_IDS:
        raise StudioError(ErrorType.TOO_MANY_IDS, f"There may be {MAX_IDS} ids at most.", max=MAX_IDS)
    words, tag = given.get("text"), given.get("tag")
    return JobConditions(
        statuses=_both(given.get("status"), given.get("statuses")),
        kinds=_both(given.get("kind"), given.get("kinds")),
        model=given.get("model"),
        ids=None if ids is None else tuple(ids),
        request_id=given.get("requestId"),
        board_id=given.get("boardId"),
        created_after=_time(given.get("createdAfter")),
        updated_since=_time(given.get("updatedSince")),
        text=None if words is None else text.folded(words),
        tag=None if tag is None else text.folded(tag),
        favorite=given.get("favorite"),
    )


def _both(one: str | None, several: Sequence[str] | None) -> frozenset[str] | None:
    if several is None:
        return None if one is None else frozenset({one})
    return frozenset(each for each in several if one in (None, each))


def _time(given: str | None) -> str | None:
    """Return a time as rows have it, whose text order is time order."""
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(given)
        return iso(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise StudioError(ErrorType.TIME_MALFORMED, "This is not a time such as 2026-11-20T09:30:00Z.") from None
