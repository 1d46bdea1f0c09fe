"""Sends mails by SES, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.access import GET, UPDATE, Access, Right
from infra.declaration import FunctionSpec, QueueMessages
from studio.settings.mail import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aws_cdk import Stack

    from infra.stages import Stage


def _to_send(stage: Stage, stack: Stack) -> Sequence[Right]:
    """Return the right to send, as the stage's own sender alone."""
    if not stage.mail:
        return ()
    names = {"identity": stage.mail.domain, "configuration-set": f"namo-{stage.name}"}
    arns = [stack.format_arn(service="ses", resource=kind, resource_name=name) for kind, name in names.items()]
    return [Right(["ses:SendEmail"], arns, conditions={"StringEquals": {"ses:FromAddress": stage.mail.address}})]


FUNCTION = FunctionSpec(
    name="mail",
    stack="jobs",
    handler="resolvers.streams.mail.handler",
    group="api",
    settings=Mail,
    timeout=30,  # a batch of one or two calls of SES that hang; the others come again
    trigger=QueueMessages("MAIL_QUEUE", batch=5, concurrency=2),
    access=Access(tables={"Mails": (GET, UPDATE), "People": (GET,)}),
    rights=_to_send,
    deployed=lambda stage: stage.mail is not None,
)
