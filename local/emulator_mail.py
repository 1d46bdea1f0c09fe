"""SES, for `emulator.py`: a mail is kept whole, and judged by who sends it.

- MiniStack keeps a mail's texts, but neither headers nor tags. Here each mail, Cognito's own too, is a JSON file
  in `mail`, beside the other state: what `local/mailbox` shows.
- MiniStack judges `ses:SendEmail` by no resource. Here it is that of the sender's domain, with the condition key
  `ses:FromAddress`. AWS judges the configuration set, too.

Only the standard library: see `emulator.py`.
"""

import json
import os
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

_SEND = "/v2/email/outbound-emails"
_OK = 200


class SenderArn(str):
    """The ARN of the domain that a mail comes from, with the sender's address."""

    __slots__ = ("address",)

    address: str


def naming_senders(arn_of: Callable[..., str]) -> Callable[..., str]:
    def run(
        service: str, method: str, path: str, headers: Any, body: bytes, query: Any, region: str, account: str
    ) -> str:
        if service != "ses" or not path.rstrip("/").endswith(_SEND):
            return arn_of(service, method, path, headers, body, query, region, account)
        address = parseaddr(_object(body).get("FromEmailAddress", ""))[1]
        arn = SenderArn(f"arn:aws:ses:{region}:{account}:identity/{address.rpartition('@')[2]}")
        arn.address = address
        return arn

    return run


def by_sender(enforce: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any, resource_arn: str = "", service_context: Mapping[str, Any] | None = None, **more: Any) -> Any:
        if isinstance(resource_arn, SenderArn):
            service_context = {**(service_context or {}), "ses:FromAddress": resource_arn.address}
        return enforce(*given, resource_arn=resource_arn, service_context=service_context, **more)

    return run


def keeping(handle: Callable[..., Awaitable[Any]], folder: Path) -> Callable[..., Awaitable[Any]]:
    """Keep what is sent by SES's own API."""

    async def run(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        answer = await handle(method, path, headers, body, query)
        if method == "POST" and path.rstrip("/").endswith(_SEND) and answer[0] == _OK:
            _keep(folder, json.loads(answer[2])["MessageId"], _of_request(_object(body)))
        return answer

    return run


def keeping_cognitos(record: Callable[..., str], folder: Path) -> Callable[..., str]:
    """Keep what the emulator's other services send."""

    def run(source: str, to_addrs: Any, **more: Any) -> str:
        id_ = record(source=source, to_addrs=to_addrs, **more)
        html, text = more.get("body_html") or "", more.get("body_text") or ""
        mail = {"from": source, "to": list(to_addrs or []), "subject": more.get("subject") or ""}
        _keep(folder, id_, {**mail, "text": "" if html else text, "html": html, "headers": {}, "tags": {}})
        return id_

    return run


def _of_request(request: Mapping[str, Any]) -> dict[str, Any]:
    simple = request.get("Content", {}).get("Simple", {})
    body = simple.get("Body", {})
    return {
        "from": request.get("FromEmailAddress", ""),
        "to": request.get("Destination", {}).get("ToAddresses", []),
        "subject": simple.get("Subject", {}).get("Data", ""),
        "text": body.get("Text", {}).get("Data", ""),
        "html": body.get("Html", {}).get("Data", ""),
        "headers": {each["Name"]: each["Value"] for each in simple.get("Headers") or []},
        "tags": {each["Name"]: each["Value"] for each in request.get("EmailTags") or []},
    }


def _keep(folder: Path, id_: str, mail: Mapping[str, Any]) -> None:
    """Write a file whose name sorts by time, whole or not at all."""
    at = datetime.now(UTC)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{at:%Y%m%dT%H%M%S%f}-{id_.partition('@')[0]}"
    draft = folder / f"{name}.draft"
    draft.write_text(json.dumps({"id": name, "messageId": id_, "at": at.isoformat(), **mail}, ensure_ascii=False))
    draft.rename(folder / f"{name}.json")


def mend(actions: Any, evaluator: Any, ses: Any, ses_v2: Any) -> None:
    """Put it into MiniStack's modules; it looks these functions up at every request."""
    folder = Path(os.environ["STATE_DIR"]).parent / "mail"
    actions.extract_resource_arn = naming_senders(actions.extract_resource_arn)
    evaluator.enforce = by_sender(evaluator.enforce)
    ses._record_send = keeping_cognitos(ses._record_send, folder)  # noqa: SLF001
    ses_v2.handle_request = keeping(ses_v2.handle_request, folder)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
