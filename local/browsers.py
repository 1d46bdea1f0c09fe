"""What a browser says of the page that sends a request, and which pages may use this machine's servers.

Only the standard library: the emulator loads this file as well, see `emulator.py`.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
_NAMES = frozenset({HOST, "localhost", "::1"})

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]


def is_own_name(host: str) -> bool:
    """Tell whether a Host is one of this machine's: a stranger's name that leads here makes their page one of ours."""
    try:
        return urlsplit(f"//{host}").hostname in _NAMES
    except ValueError:
        return False


def is_elsewhere(site: str | None, origin: str | None, own: str) -> bool:
    """Tell whether another site's page sends it, by Sec-Fetch-Site and Origin. Programs send neither."""
    return site not in {None, "same-origin", "none"} or origin not in {None, own}


def guarded(application: Application, prefix: str) -> Application:
    """Wrap an ASGI application, so that below a path only programs and this server's own pages are answered."""

    async def run(scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]) -> None:
        if scope["type"] == "http" and scope["path"].startswith(prefix) and not _is_own(scope):
            await send({"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain")]})
            await send({"type": "http.response.body", "body": b"Only this machine's programs and pages may do this.\n"})
        else:
            await application(scope, receive, send)

    return run


def _is_own(scope: Message) -> bool:
    """Judge by all values of a header: of two, others may read the other one."""
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    hosts = found.get("host", [""])
    own = f"{scope.get('scheme', 'http')}://{hosts[0]}"
    pages = [(site, None) for site in found.get("sec-fetch-site", [])] + [
        (None, each) for each in found.get("origin", [])
    ]
    return all(map(is_own_name, hosts)) and not any(is_elsewhere(*page, own) for page in pages)
