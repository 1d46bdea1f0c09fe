"""Looks at the content credentials of what people bring; it opens strangers' files, so it holds no key."""

from infra.access import FIND, READ, Access
from infra.declaration import Calls, FunctionSpec
from studio.settings.media import CredentialsCheck

FUNCTION = FunctionSpec(
    name="credentials-check",
    stack="jobs",
    handler="workers.credentials.check.handler",
    group="credentials",
    settings=CredentialsCheck,
    timeout=20,
    memory=1024,
    trigger=Calls(),
    access=Access(objects={"incoming": (READ, FIND)}),
)
