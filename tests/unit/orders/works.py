"""Where orders are fulfilled: they are paid in the shop, and here are the worker that renders them and the printer."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from studio import ids
from studio.audit.table import AuditTrail
from studio.clock import iso
from studio.documents.spec import DocumentSpec, SpecPhoto
from studio.dynamo import transact
from studio.jobs import states
from studio.jobs.model import TERMINAL, Failure, Job, JobErrorCode
from studio.jobs.table import Jobs
from studio.media.keys import original_key, pdf_key
from studio.media.model import StoredFile, StoredImage, StoredPdf
from studio.money import Currency, Money
from studio.orders.fulfil import Fulfilment
from studio.orders.model import Order, OrderDocument, OrderItem, OrderItemKind
from studio.orders.render import OrderRenderer
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders
from studio.payments.model import Payment
from studio.payments.refund import RefundRequester
from studio.payments.table import Payments
from studio.people.model import Caller, Language
from studio.printing.merge import merge
from studio.printing.model import Label, Parcel, ParcelStatus, PrintOrder, PrintStatus, Stage, Step
from studio.printing.products import ALBUM, PRINTS
from studio.printing.protocol import Refusal
from studio.printing.submission import PrintRefusal, Submission
from studio.printing.table import PrintOrders
from tests.unit.albums.parts import LIMITS
from tests.unit.fault_injection import CallBudget, FailingClient
from tests.unit.orders.shop import OrderShop
from tests.unit.world import USER, World

PHOTO = SpecPhoto("photo-1", "image/png", 640, 480, Decimal("0.5"), Decimal("0.5"))
BROKEN = Failure(JobErrorCode.INTERNAL, "Something went wrong on our side while making this.")
GONE = Failure(JobErrorCode.INVALID_IMAGE, "A picture of this is no longer there. Please upload it again.")
MD5 = "0123456789abcdef0123456789abcdef"
KIND = OrderItemKind
_PRINTED_AS = {KIND.ALBUM_PRINT: ALBUM.id, KIND.COLLAGE_PRINT: PRINTS[0].id}


@dataclass
class Works:
    """One world's orders; `budget` limits the calls of what fulfils them, and of nothing else."""

    world: World
    budget: CallBudget = field(default_factory=CallBudget)

    @cached_property
    def shop(self) -> OrderShop:
        return OrderShop(self.world, self.world.client)

    @cached_property
    def fulfilment(self) -> Fulfilment:
        client: Any = FailingClient(self.world.client, self.budget)
        return fulfilment_on(client)

    @cached_property
    def documents(self) -> OrderDocuments:
        return OrderDocuments("OrderDocuments", self.world.client)

    @cached_property
    def print_orders(self) -> PrintOrders:
        return PrintOrders("PrintOrders", self.world.client)

    # ---- what customers do

    def ordered(self, *kinds: OrderItemKind, caller: Caller = USER, **changes: Any) -> Order:
        """Order a document of its own for each of these kinds."""
        items = tuple(item(kind) for kind in kinds)
        total = Money(sum(each.unit_price.minor for each in items), Currency.USD)
        printed = any(kind.is_printed for kind in kinds)
        where = {} if printed else {"country": None, "address": None}
        given: dict[str, Any] = {"items": items, "total": total, "shipping": Money(0, Currency.USD), **where, **changes}
        order = self.shop.ordered(caller, **given)
        transact(self.world.client, [self.documents.new(OrderDocument(order.id, spec(order, each))) for each in items])
        return order

    def pay(self, order: Order) -> Payment:
        payment = self.shop.waiting_for(order)
        self.shop.pay(payment)
        return payment

    def paid(self, *kinds: OrderItemKind, **changes: Any) -> Order:
        """Order something, pay for it, and have it begun."""
        order = self.ordered(*kinds, **changes)
        self.pay(order)
        return self.advance(order)

    # ---- what the studio does

    def now(self, order: Order) -> Order:
        return self.shop.as_it_is(order)

    def advance(self, order: Order) -> Order:
        self.fulfilment.advance(order.id, self.world.time)
        return self.now(order)

    def payment_of(self, order: Order) -> Payment:
        found = self.shop.payments.find(self.now(order).payment or "")
        assert found
        return found

    # ---- what the worker does

    def jobs_of(self, order: Order) -> list[Job]:
        """Return the latest job of each of an order's documents, in its items' order."""
        jobs = self.now(order).renderings
        return self.world.jobs.find_many([jobs[each.document] for each in order.items if each.document in jobs])

    def running(self, order: Order) -> list[Job]:
        return [job for job in self.jobs_of(order) if job.status not in TERMINAL]

    def make(self, job: Job) -> Job:
        claimed = self.world.jobs.step(states.claim(job, "w", self.world.time, 150))
        return self.world.jobs.step(states.complete(claimed, made_by(claimed), self.world.time))

    def spoil(self, job: Job, failure: Failure = BROKEN) -> Job:
        claimed = self.world.jobs.step(states.claim(job, "w", self.world.time, 150))
        return self.world.jobs.step(states.fail(claimed, failure, self.world.time))

    def rendered(self, *kinds: OrderItemKind, **changes: Any) -> Order:
        """Return an order whose files are made, as far as it goes then."""
        order = self.paid(*kinds, **changes)
        for job in self.running(order):
            self.make(job)
        return self.advance(order)

    # ---- what the printer does

    def at_printer(self, order: Order) -> Submission:
        found = self.print_orders.find(order.id)
        assert found
        return found

    def refuse(self, order: Order) -> None:
        self._printer(order, refusal=PrintRefusal(Refusal.ADDRESS), recipient=None, due=None)

    def take(self, order: Order) -> None:
        """Have the printer take an order, of which nothing else is known yet."""
        self._printer(order, printer_id=f"ord_{order.id}", submitted_at=iso(self.world.time), recipient=None)

    def see(self, order: Order, state: PrintOrder) -> None:
        """Have the printer asked, who took the order before."""
        known = self.at_printer(order)
        if known.printer_id is None:
            self.take(order)
        self._printer(order, state=merge(known.state, state) if known.state else state)

    def seen(self, order: Order, state: PrintOrder) -> Order:
        self.see(order, state)
        return self.advance(order)

    def _printer(self, order: Order, **changes: Any) -> None:
        known = self.at_printer(order)
        self.print_orders.step(known, replace(known, **changes))

    def state(self, order: Order, status: PrintStatus, *parcels: Parcel, made: Stage = Stage.NOT_STARTED) -> PrintOrder:
        """Return a state of an order there, as far as it makes things and has sent parcels."""
        at = iso(self.world.later(1))
        return PrintOrder(f"ord_{order.id}", order.id, status, at, {**_NOTHING, Step.PRODUCE: made}, parcels)


_NOTHING = dict.fromkeys(Step, Stage.NOT_STARTED)


def fulfilment_on(client: Any) -> Fulfilment:
    return Fulfilment(
        Orders("Orders", client),
        OrderRenderer(Jobs("Jobs", client), OrderDocuments("OrderDocuments", client), LIMITS.times),
        PrintOrders("PrintOrders", client),
        OrderSettlement(RefundRequester(Payments("Payments", client), AuditTrail("Audit", client))),
    )


def item(kind: OrderItemKind) -> OrderItem:
    pages = 24 if kind == KIND.ALBUM_PRINT else None
    return OrderItem(
        kind, ids.new(), 2 if kind.is_printed else 1, Money(1_500, Currency.USD), pages, _PRINTED_AS.get(kind)
    )


def spec(order: Order, of: OrderItem) -> DocumentSpec:
    design = "MIXED" if of.kind in {KIND.ALBUM_PDF, KIND.ALBUM_PRINT} else "POLAROID"
    product = of.kind.product
    return DocumentSpec(of.document, product, design, "Sa Pa", (PHOTO,), "2026-11-20", Language.VI, order=order.id)


def made_by(job: Job) -> StoredFile:
    if job.document_spec.product.kind == "ALBUM":
        return StoredPdf(pdf_key(job.prefix), 9, MD5, 24)
    return StoredImage(original_key(job.prefix, "image/jpeg"), "image/jpeg", 3000, 3000, 9, MD5)


def parcel(id_: str, number: str | None = None, at: str = "2026-11-21T08:00:00.000Z") -> Parcel:
    labels = (Label("DHL", None, number, f"https://track.example/{number}", at),) if number else ()
    return Parcel(id_, ParcelStatus.SHIPPED, at, labels)
