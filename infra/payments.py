"""How money comes in: the door for payment providers, who settles what they told, and the day's exchange rates."""

from aws_cdk import Duration
from constructs import Construct

from infra import environment
from infra.data import Data
from infra.factory import FunctionFactory
from infra.functions import PAYMENTS_RECONCILER, RATES, WEBHOOKS
from infra.permissions import to_read_secrets
from infra.stack import StageStack
from infra.stages import Stage
from infra.webhooks import RETURN, Webhooks


class Payments(StageStack):
    """The stage's payments but for what people ask themselves. `return_url` is where a payer comes back to."""

    def __init__(self, scope: Construct, stage: Stage, data: Data) -> None:
        super().__init__(scope, stage, "payments")
        self._factory = FunctionFactory(self, stage, data)
        webhooks = Webhooks(self, stage)
        told = environment.webhooks(stage, data)
        function = self._factory.make(WEBHOOKS, told, *to_read_secrets(self, told))
        webhooks.lead_to(function)
        webhooks.watch(data.alarms)
        self.return_url = f"{webhooks.url}{RETURN}"
        asked = environment.payments_reconciler(stage, data)
        self._factory.make_timed(PAYMENTS_RECONCILER, Duration.minutes(1), asked, *to_read_secrets(self, asked))
        self._factory.make_timed(RATES, Duration.hours(1), environment.rates(stage, data))
