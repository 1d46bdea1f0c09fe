"""An AppSync that is told things."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar


class Api(BaseHTTPRequestHandler):
    """It remembers what it was told and refuses some jobs."""

    published: ClassVar[list[tuple[str, int]]] = []
    headers_seen: ClassVar[list[dict[str, str]]] = []
    refuse: ClassVar[set[str]] = set()
    views: ClassVar[list[tuple[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        name = body["query"].split("publish")[1].partition("(")[0]
        job = json.loads(body["variables"]["it"])
        refused = job.get("id") in self.refuse
        self.views.append((name, job))
        if name == "Job" and not refused:
            self.published.append((job["id"], job["version"]))
        self.headers_seen.append(dict(self.headers.items()))
        answer = (
            {"errors": [{"errorType": "Unauthorized"}]} if refused else {"data": {"publishJob": {"id": job.get("id")}}}
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass
