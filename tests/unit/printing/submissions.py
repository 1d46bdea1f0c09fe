"""Orders for the printer, as the orders' own code will write them."""

from typing import Any

from studio.dynamo import transact
from studio.printing.cost import Cost
from studio.printing.products import ALBUM, PRINTS
from studio.printing.request import Recipient, ShippingMethod
from studio.printing.submission import PrintFile, Submission, SubmissionItem
from studio.printing.table import PrintOrders
from studio.printing.withdrawal import Withdrawals
from tests.unit.printing.wire import MD5
from tests.unit.world import USER, World

LAN = Recipient(
    name="Nguyễn Thị Lan",
    line1="12 Lý Tự Trọng",
    city="Hà Nội",
    postal_code="100000",
    country="VN",
    phone="+84900000000",
)
BOOK = SubmissionItem(
    product=ALBUM,
    copies=2,
    pages=24,
    reference="item-1",
    file=PrintFile("results/documents/a/album.pdf", "application/pdf", MD5),
    price=Cost(9900, "SGD"),
)
PICTURE = SubmissionItem(
    product=PRINTS[0],
    copies=1,
    reference="item-2",
    file=PrintFile("results/documents/b/original.jpg", "image/jpeg", MD5),
)


def print_orders(world: World) -> PrintOrders:
    return PrintOrders("PrintOrders", world.client)


def ordered(world: World, **changes: Any) -> Submission:
    """Write an order to be printed, and return it as it was read."""
    given: dict[str, Any] = {"id_": "order-1", "owner": USER.sub, "recipient": LAN, "items": [BOOK]} | changes
    new = Submission.new(**given, method=ShippingMethod.STANDARD, now=world.time)
    table = print_orders(world)
    transact(world.client, [table.new(new)])
    return found(table, new.id)


def withdraw(world: World) -> None:
    """Have an order not wanted any more, as whoever ends it does."""
    transact(world.client, [Withdrawals("PrintOrders", world.client).withdraw("order-1", world.time)])


def found(table: PrintOrders, id_: str = "order-1") -> Submission:
    submission = table.find(id_)
    assert submission
    return submission
