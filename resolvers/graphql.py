"""The one way from an AppSync event to a function of the studio, and the one funnel for its errors.

A function answers `{"data": …}` or `{"error": {"type", "message"}}`; the resolver's JavaScript turns the latter into
a GraphQL error with that `errorType`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler.appsync import AppSyncResolver
from aws_lambda_powertools.logging import Logger

from resolvers.shape import FILES
from studio.errors import ErrorType, StudioError
from studio.people.model import Caller, Role

Answer = dict[str, Any]
_FAULT = "Something went wrong on our side. Please try again."

log = Logger()


def handler_of(app: AppSyncResolver) -> Callable[[Answer, Any], Answer]:
    """Return the Lambda handler of an area's resolvers."""

    def handler(event: Answer, context: Any) -> Answer:
        log.structure_logs(append=False, field=event["info"]["fieldName"], owner=_sub(event))
        try:
            return {"data": app.resolve(event, context)}
        except StudioError as error:
            log.info("refused", extra={"errorType": error.type})
            return _error(error.type, error.message)
        except Exception:
            log.exception("failed")
            return _error(ErrorType.INTERNAL, _FAULT)

    return handler


def caller(app: AppSyncResolver) -> Caller:
    """Return the signed-in user of the current event; roles come from the token's groups.

    Raises
    ------
    StudioError
        UNAUTHORIZED: an API key or a role asked where only a user may.
    """
    found = caller_or_none(app)
    if found is None:
        raise StudioError(ErrorType.UNAUTHORIZED, "Please sign in.")
    return found


def caller_or_none(app: AppSyncResolver) -> Caller | None:
    identity: Mapping[str, Any] = _event(app).get("identity") or {}
    if "sub" not in identity:
        return None
    return Caller(identity["sub"], Role.of(identity.get("groups") or []))


def selection(app: AppSyncResolver) -> list[str]:
    """Return the paths of the fields that the client selected, such as `items/image`."""
    return _event(app)["info"].get("selectionSetList") or []


def files_at(app: AppSyncResolver, path: str) -> list[str]:
    """Return the files of an ImageSet that the client selected at a place of its selection."""
    selected = selection(app)
    return [file for file in FILES if f"{path}/{file}" in selected]


def _event(app: AppSyncResolver) -> Answer:
    event = app.current_event
    if event is None:
        raise RuntimeError("no event is being resolved")
    return event.raw_event


def _sub(event: Mapping[str, Any]) -> str | None:
    return (event.get("identity") or {}).get("sub")


def _error(type_: ErrorType, message: str) -> Answer:
    return {"error": {"type": type_, "message": message}}
