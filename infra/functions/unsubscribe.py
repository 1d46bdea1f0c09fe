"""The page where a person stops notices, by the signed link of a mail."""

from infra import attributes
from infra.access import UPDATE, Access
from infra.declaration import FunctionSpec, Routes
from studio.settings.mail import Unsubscribe

_PATHS = {"AskStop": "GET /unsubscribe", "Stop": "POST /unsubscribe"}

FUNCTION = FunctionSpec(
    name="unsubscribe",
    stack="payments",
    handler="resolvers.webhooks.unsubscribe.handler",
    group="api",
    settings=Unsubscribe,
    timeout=10,
    trigger=Routes(_PATHS, open=tuple(_PATHS)),
    access=Access(tables={"People": (UPDATE,)}, changes={"People": attributes.MAILING}),
    deployed=lambda stage: stage.mail is not None,
)
