"""Receives bounces and complaints from SES, and stops mail to those addresses."""

from infra import attributes
from infra.access import GET, UPDATE, Access
from infra.declaration import FunctionSpec, MailEvents
from studio.settings.mail import MailFeedback

FUNCTION = FunctionSpec(
    name="mail-feedback",
    stack="jobs",
    handler="resolvers.streams.mail_feedback.handler",
    group="api",
    settings=MailFeedback,
    timeout=10,
    trigger=MailEvents(),
    access=Access(tables={"People": (GET, UPDATE)}, changes={"People": attributes.UNREACHABLE}),
    deployed=lambda stage: stage.mail is not None,
)
