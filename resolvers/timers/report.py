"""What the handlers that run by the clock share: what is left over rings, and the next run tries again."""

from collections.abc import Mapping

from aws_lambda_powertools.logging import Logger

log = Logger()


class LeftOverError(RuntimeError):
    """Something could not be seen to; the log says what."""


def report(done: Mapping[str, int]) -> dict[str, int]:
    """Say what was done, and fail where not all could be: the call's dead-letter queue rings."""
    log.info("done", extra={"counted": dict(done)})
    if done["errors"]:
        raise LeftOverError(f"{done['errors']} could not be seen to")
    return dict(done)
