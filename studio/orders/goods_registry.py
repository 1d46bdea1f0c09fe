"""What can be bought: one line for each kind of goods, by the argument of createPayment that says which one."""

from collections.abc import Mapping

from studio.ledger.table import Ledger
from studio.orders.goods import OrderGoods
from studio.orders.table import Orders
from studio.payments.goods import Goods
from studio.payments.points import PACKAGE, PointsGoods
from studio.people.table import People
from studio.settings.payments import GoodsTables


def goods_of(config: GoodsTables) -> Mapping[str, Goods]:
    return {
        PACKAGE: PointsGoods(People(config.people_table), Ledger(config.ledger_table)),
        "orderId": OrderGoods(Orders(config.orders_table)),
    }
