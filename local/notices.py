"""What a stand-in tells a merchant by itself: how often, and what it was answered."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientHandlerType,
    ClientOSError,
    ClientRequest,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ServerDisconnectedError,
    TCPConnector,
    web,
)
from yarl import URL

ANSWER_SECONDS = 10.0
ANSWER_LENGTH = 500


@dataclass(frozen=True)
class WebhookRequest:
    """One request as it goes out."""

    method: str
    url: str
    body: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Notice(Protocol):
    """Something to send; the request is made anew for each attempt, with the secret of that moment."""

    @property
    def provider(self) -> str:
        """Whose merchant is told."""
        ...

    @property
    def ref(self) -> str:
        """What it is about: a payment, an order."""
        ...

    @property
    def name(self) -> str:
        """What it says, in a word or two."""
        ...

    @property
    def attempts(self) -> int:
        """How often it is told at most."""
        ...

    def webhook_request(self, url: str) -> WebhookRequest: ...

    def accepted(self, status: int, text: str, /) -> bool:
        """Tell whether this answer ends the repeating."""
        ...


@dataclass
class Delivery:
    """One attempt; a status of None means that no answer came."""

    notice: Notice
    attempt: int
    url: str
    at: datetime
    status: int | None = None
    answer: str = ""
    accepted: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "provider": self.notice.provider,
            "ref": self.notice.ref,
            "notice": self.notice.name,
            "attempt": self.attempt,
            "url": self.url,
            "at": self.at.isoformat(timespec="milliseconds"),
            "status": self.status,
            "answer": self.answer,
            "accepted": self.accepted,
        }


@dataclass
class Address:
    """Where a provider's notices go; they wait until it is known."""

    url: str = ""
    known: asyncio.Event = field(default_factory=asyncio.Event)

    def set(self, url: str) -> None:
        self.url = url
        self.known.set()


@dataclass(frozen=True)
class QueuedNotice:
    """A notice to be sent; it leaves when it is released."""

    notice: Notice
    released: asyncio.Event


class NoticeSender:
    """Carries notices to the merchant, each until it is accepted or its attempts are used up.

    `addresses` are by the provider of a notice.
    """

    def __init__(self, repeat_seconds: float, providers: Iterable[str] = ()) -> None:
        self.addresses = {provider: Address() for provider in providers}
        self.deliveries: list[Delivery] = []
        self._repeat_seconds = repeat_seconds
        self._queued: list[QueuedNotice] = []
        self._tasks: dict[asyncio.Task[None], QueuedNotice] = {}
        self._client: ClientSession | None = None

    async def running(self, _app: web.Application) -> AsyncIterator[None]:
        """Have a client as long as the server runs; what is under way when it stops is dropped."""
        async with ClientSession(
            connector=TCPConnector(force_close=True), timeout=ClientTimeout(total=ANSWER_SECONDS), middlewares=(_once,)
        ) as self._client:
            yield
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, notice: Notice, copies: int = 1, *, late: bool = False) -> None:
        """Tell the merchant in the background, several times at once if asked; a late notice waits for `tell`."""
        queued = QueuedNotice(notice, asyncio.Event())
        self._queued.append(queued)
        if not late:
            queued.released.set()
        for _ in range(copies):
            self._start(queued)

    def tell(self, ref: str) -> None:
        """Release what is late of this payment or order; when nothing is, tell everything once more."""
        mine = [queued for queued in self._queued if queued.notice.ref == ref]
        late = [queued for queued in mine if not queued.released.is_set()]
        for queued in late:
            queued.released.set()
        for queued in mine if not late else ():
            self._start(queued)

    def tell_late(self) -> int:
        """Release everything that is late; return how much that was."""
        late = [queued for queued in self._queued if not queued.released.is_set()]
        for queued in late:
            queued.released.set()
        return len(late)

    def late(self, ref: str) -> int:
        """Count what the merchant has yet to hear of this."""
        return sum(queued.notice.ref == ref and not queued.released.is_set() for queued in self._queued)

    def telling(self, ref: str) -> int:
        """Count what is still to be told of this, or to be told again."""
        return sum(queued.notice.ref == ref for queued in self._tasks.values())

    def _start(self, queued: QueuedNotice) -> None:
        task = asyncio.create_task(self._deliver(queued))
        self._tasks[task] = queued
        task.add_done_callback(self._tasks.pop)

    async def _deliver(self, queued: QueuedNotice) -> None:
        notice = queued.notice
        address = self.addresses[notice.provider]
        await queued.released.wait()
        await address.known.wait()
        for attempt in itertools.count(1):
            delivery = await self._attempt(notice, address.url, attempt)
            if delivery.accepted or attempt == notice.attempts:
                return
            await asyncio.sleep(self._repeat_seconds)

    async def _attempt(self, notice: Notice, url: str, attempt: int) -> Delivery:
        assert self._client
        delivery = Delivery(notice, attempt, url, datetime.now(UTC))
        webhook_request = notice.webhook_request(url)
        sending = self._client.request(
            webhook_request.method,
            URL(webhook_request.url, encoded=True),
            data=webhook_request.body,
            headers=webhook_request.headers,
            allow_redirects=False,
        )
        try:
            async with sending as response:
                text = await response.text(errors="replace")
                delivery.status, delivery.answer = response.status, text[:ANSWER_LENGTH]
                delivery.accepted = notice.accepted(response.status, text)
        except (ClientError, TimeoutError) as error:
            delivery.answer = type(error).__name__
        self.deliveries.append(delivery)
        return delivery


async def _once(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Keep aiohttp from sending a GET again by itself when the connection is lost: a merchant counts what it hears."""
    try:
        return await handler(request)
    except (ClientOSError, ServerDisconnectedError) as error:
        raise ClientConnectionError(str(error)) from error
