"""What can be bought: one line for each kind of goods."""

from collections.abc import Mapping

from studio.ledger.table import Ledger
from studio.orders.goods import OrderGoods
from studio.orders.table import Orders
from studio.payments.goods import Goods
from studio.payments.model import GoodsKind
from studio.payments.points import PointsGoods
from studio.people.table import People
from studio.settings.payments import GoodsTables


def goods_of(config: GoodsTables) -> Mapping[GoodsKind, Goods]:
    return {
        GoodsKind.POINTS: PointsGoods(People(config.people_table), Ledger(config.ledger_table)),
        GoodsKind.ORDER: OrderGoods(Orders(config.orders_table)),
    }
