"""VNPAY's merchant API, as urllib3 asks it."""

import json
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import urllib3


@dataclass
class Http:
    """It records what it is asked, and answers what the test says, or what a function says of the question."""

    answer: Any
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list[dict[str, str]])

    def request(self, method: str, url: str, *, json: dict[str, str], **_: Any) -> urllib3.HTTPResponse:
        assert (method, url) == ("POST", "https://vnpay.example/query")
        self.asked.append(json)
        answer = self.answer(json) if callable(self.answer) else self.answer
        if isinstance(answer, Exception):
            raise answer
        body = answer if isinstance(answer, bytes) else _json(answer)
        return urllib3.HTTPResponse(body=BytesIO(body), status=self.status)


def _json(answer: Any) -> bytes:
    return json.dumps(answer).encode()
