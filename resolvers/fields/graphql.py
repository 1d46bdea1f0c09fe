"""The one way from an AppSync event to a function of the studio, and the one funnel for its errors.

A function answers `{"data": …}` or `{"error": {"type", "message", "info"}}`; the resolver's JavaScript turns the latter
into a GraphQL error with that `errorType` and `errorInfo`.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn, TypeVar

from aws_lambda_powertools.logging import Logger

from resolvers.shapes.images import FILES
from studio import text
from studio.alarms import Alarm, raise_alarm
from studio.errors import ContendedError, ErrorType, Fact, StudioError, UnreadableError
from studio.people.guard import Guard
from studio.people.model import Caller, Role

Answer = dict[str, Any]
Resolver = TypeVar("Resolver", bound=Callable[..., Any])
# By this whom Cognito's group names becomes an administrator, as the audit trail keeps; nothing else goes by it.
_ENTERS = ("Mutation", "setRole")
_BUSY = "This is changing just now, or the studio is very busy. Nothing was done; please try again."
_UNREADABLE = "What is kept of this cannot be read. Somebody has been notified, and will look at it."
_FAULT = "Something went wrong on our side. Please try again."

log = Logger()


class Fields:
    """An area's resolvers by type and field, and the event that one of them is answering.

    Powertools' AppSyncResolver would do, but its package loads the handlers of every other kind of event too: a third
    of the cold start.
    """

    def __init__(self) -> None:
        self.event: Answer = {}
        self.who: Caller | None = None
        self._resolvers: dict[tuple[str, str], Callable[..., Any]] = {}
        self._unguarded: set[tuple[str, str]] = set()
        self._administrators: set[tuple[str, str]] = set()

    def resolver(
        self, *, type_name: str, field_name: str, guarded: bool = True, role: Role = Role.USER
    ) -> Callable[[Resolver], Resolver]:
        """Register the function that answers a field, to callers of a role; the field's arguments are its own, by name.

        One that is not `guarded` asks for itself whether the caller is let in, in the transaction that it answers from;
        an administrator is looked at all the same, since no transaction can ask for a second factor.
        """

        def register(function: Resolver) -> Resolver:
            self._resolvers[type_name, field_name] = function
            if not guarded:
                self._unguarded.add((type_name, field_name))
            if role == Role.ADMIN:
                self._administrators.add((type_name, field_name))
            return function

        return register

    def resolve(self, event: Answer, guard: Guard) -> Any:
        """Answer a field, unless the guard refuses the user who calls it; the public has nobody to ask about."""
        self.event = event
        field = event["info"]["parentTypeName"], event["info"]["fieldName"]
        self.who, answer = _caller(event), None
        if field not in self._unguarded or (self.who and self.who.is_admin):
            self.who = self._admitted(field, self.who, guard)
        try:
            _check_text(event["arguments"])
            answer = self._resolvers[field](**event["arguments"])
        finally:
            if self.who and answer is None and field in self._unguarded:
                guard.admit(self.who)  # whoever is not let in hears that, and not what else is wrong
        return answer

    def _admitted(self, field: tuple[str, str], who: Caller | None, guard: Guard) -> Caller | None:
        if field in self._administrators:
            who = who or _nobody()
            enters = field == _ENTERS and self.event["arguments"].get("userId") == who.sub
            return guard.admit_administrator(who, by_token=enters)
        return guard.admit(who, afresh=field[0] == "Subscription") if who else None


def handler_of(fields: Fields, guard: Guard) -> Callable[[Answer, Any], Answer]:
    """Return the Lambda handler of an area's resolvers."""

    def handler(event: Answer, _context: Any) -> Answer:
        log.structure_logs(append=False, field=event["info"]["fieldName"], owner=_sub(event))
        try:
            data = fields.resolve(event, guard)
        except StudioError as error:
            log.info("refused", extra={"errorType": error.type})
            return _error(error.type, error.message, error.facts)
        except ContendedError:
            log.warning("contended")
            return _error(ErrorType.BUSY, _BUSY)
        except UnreadableError as error:
            log.exception("unreadable")
            raise_alarm(Alarm.ROW_UNREADABLE, field=event["info"]["fieldName"], attribute=str(error))
            return _error(ErrorType.UNREADABLE, _UNREADABLE)
        except Exception:
            log.exception("failed")
            raise_alarm(Alarm.INTERNAL_ERROR, field=event["info"]["fieldName"])
            return _error(ErrorType.INTERNAL, _FAULT)
        log.info("answered")
        return {"data": data}

    return handler


def batched(handler: Callable[[Answer, Any], Answer]) -> Callable[[Any, Any], Any]:
    """Return a handler that also answers the events of a batch, each by itself."""

    def handle(event: Answer | list[Answer], context: Any) -> Answer | list[Answer]:
        return [handler(each, context) for each in event] if isinstance(event, list) else handler(event, context)

    return handle


def caller(fields: Fields) -> Caller:
    """Return the signed-in user of the current event.

    Raises
    ------
    StudioError
        UNAUTHORIZED: an API key or a role asked where only a user may.
    """
    return fields.who or _nobody()


def follow_own(fields: Fields, owner: str, what: str) -> None:
    """Refuse who begins to follow what is not their own: an error as a subscription starts refuses it.

    Raises
    ------
    StudioError
        UNAUTHORIZED.
    """
    if owner != caller(fields).sub:
        raise StudioError(ErrorType.UNAUTHORIZED, f"You can follow {what} only.")


def caller_or_none(fields: Fields) -> Caller | None:
    return fields.who


def _nobody() -> NoReturn:
    raise StudioError(ErrorType.UNAUTHORIZED, "Please sign in.")


def _caller(event: Answer) -> Caller | None:
    """Return the user whom the verified token names; the role comes from its groups."""
    identity: Mapping[str, Any] = event.get("identity") or {}
    if "sub" not in identity:
        return None
    issued, sources = (identity.get("claims") or {}).get("iat", 0), identity.get("sourceIp") or [None]
    # The last is the connection's own; those before it are what a header of the caller's says.
    return Caller(identity["sub"], Role.of(identity.get("groups") or []), sources[-1], int(issued) * 1000)


def selects(fields: Fields, path: str) -> bool:
    """Tell whether the client selected a field, such as `items/image`; where it used aliases, it may have."""
    selected = fields.event["info"]["selectionSetList"]
    return selected is None or path in selected


def files_at(fields: Fields, path: str) -> list[str]:
    """Return the files of an ImageSet that the client selected at a place of its selection."""
    return [file for file in FILES if selects(fields, f"{path}/{file}")]


def _check_text(arguments: Answer) -> None:
    """Refuse half of an emoji, as a cut leaves it, wherever it stands: neither DynamoDB nor a provider could take it.

    Raises
    ------
    StudioError
        TEXT_MALFORMED.
    """
    if not text.is_whole(json.dumps(arguments, ensure_ascii=False)):
        raise StudioError(ErrorType.TEXT_MALFORMED, "A text ends or begins within a character, such as an emoji.")


def _sub(event: Mapping[str, Any]) -> str | None:
    return (event.get("identity") or {}).get("sub")


def _error(type_: ErrorType, message: str, facts: Mapping[str, Fact] | None = None) -> Answer:
    return {"error": {"type": type_, "message": message, **({"info": dict(facts)} if facts else {})}}
