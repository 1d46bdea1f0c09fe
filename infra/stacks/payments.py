"""How money comes in: the webhooks of payment providers, the reconciler of payments, and the day's exchange rates."""

from constructs import Construct

from infra.constructs.factory import FunctionFactory
from infra.constructs.resources import Resources
from infra.constructs.webhook_api import WebhookApi
from infra.stacks.base import StageStack


class Payments(StageStack):
    """The stage's payments but for what people ask themselves."""

    def __init__(self, scope: Construct, resources: Resources) -> None:
        super().__init__(scope, resources.stage, "payments")
        functions = FunctionFactory(self, resources).make_all("payments")
        webhooks = WebhookApi(self, resources, functions)
        resources.add_variable("RETURN_URL", webhooks.url_of("Return"))
        resources.add_variable("PRINTER_CALLBACK_URL", webhooks.url_of("PrinterCallback"))
        if resources.stage.mail:
            resources.add_variable("UNSUBSCRIBE_URL", webhooks.url_of("Stop"))
