"""The mailbox: shows what the emulator keeps, runs nothing of it, and says what SES says."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from local.emulator_mail import SenderArn, by_sender, keeping, keeping_cognitos, naming_senders
from local.mailbox.server import build_app

REQUEST = {
    "FromEmailAddress": "NamO Studio <studio@mail.namo.test>",
    "Destination": {"ToAddresses": ["ada@namo.test"]},
    "EmailTags": [{"Name": "person", "Value": "user-1"}, {"Name": "kind", "Value": "RECEIPT"}],
    "Content": {
        "Simple": {
            "Subject": {"Data": "<b>Your receipt</b>"},
            "Body": {"Text": {"Data": "text"}, "Html": {"Data": "<head></head><script>1</script>"}},
            "Headers": [{"Name": "List-Unsubscribe", "Value": "<https://x>"}],
        }
    },
}
SEND = "/v2/email/outbound-emails"


class Sns:
    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []

    def publish(self, **request: Any) -> None:
        self.published.append(request)


def send(folder: Path, status: int = 200) -> None:
    async def handle(*_: Any) -> Any:
        return status, {}, json.dumps({"MessageId": "m1@email.amazonses.com"}).encode()

    async def ask() -> None:
        await keeping(handle, folder)("POST", SEND, {}, json.dumps(REQUEST).encode(), {})

    asyncio.run(ask())


def test_a_mail_is_kept_with_its_headers_and_tags_and_one_that_was_refused_is_not(tmp_path: Path) -> None:
    send(tmp_path / "mail")
    send(tmp_path / "mail", 400)
    (path,) = (tmp_path / "mail").iterdir()
    mail = json.loads(path.read_text())
    assert mail["tags"] == {"person": "user-1", "kind": "RECEIPT"}
    assert mail["headers"] == {"List-Unsubscribe": "<https://x>"}
    assert (mail["to"], mail["text"], mail["messageId"]) == (["ada@namo.test"], "text", "m1@email.amazonses.com")


def test_cognitos_mail_is_kept_too(tmp_path: Path) -> None:
    record = keeping_cognitos(lambda **_: "m2@email.amazonses.com", tmp_path)
    assert record(source="a@b.test", to_addrs=["c@d.test"], subject="s", body_text="<br>", body_html="<br>")
    (path,) = tmp_path.iterdir()
    mail = json.loads(path.read_text())
    assert (mail["subject"], mail["html"], mail["text"], mail["tags"]) == ("s", "<br>", "", {})


def test_a_sender_is_judged_by_its_domain_and_address() -> None:
    arn_of = naming_senders(lambda *_: "*")
    body = json.dumps(REQUEST).encode()
    arn = arn_of("ses", "POST", SEND, {}, body, {}, "r", "a")
    assert arn == "arn:aws:ses:r:a:identity/mail.namo.test"
    assert isinstance(arn, SenderArn)
    assert arn.address == "studio@mail.namo.test"
    assert arn_of("ses", "GET", "/v2/email/identities", {}, b"", {}, "r", "a") == "*"
    assert arn_of("sqs", "POST", SEND, {}, body, {}, "r", "a") == "*"
    judge = by_sender(lambda **given: given["service_context"])
    assert judge(resource_arn=arn, service_context={"x": 1}) == {"x": 1, "ses:FromAddress": "studio@mail.namo.test"}
    assert judge(resource_arn="arn", service_context=None) is None


@pytest.mark.parametrize(
    ("action", "kind", "says"),
    [("bounce", "Bounce", "Permanent"), ("soft-bounce", "Bounce", "Transient"), ("complain", "Complaint", "abuse")],
)
def test_the_page_shows_a_mail_and_its_buttons_say_what_became_of_it(
    tmp_path: Path, action: str, kind: str, says: str
) -> None:
    send(tmp_path)
    sns = Sns()

    async def look() -> None:
        async with TestClient(TestServer(build_app(tmp_path, "arn:topic", sns))) as client:
            (mail,) = (await (await client.get("/mails")).json())["mails"]
            page = await (await client.get("/")).text()
            assert "&lt;b&gt;Your receipt&lt;/b&gt;" in page
            assert "<script>1" not in page, "it is in a frame"
            framed = await client.get(f"/mails/{mail['id']}/html")
            policy = framed.headers["Content-Security-Policy"]
            assert policy.startswith("sandbox ")
            assert "allow-scripts" not in policy
            assert (await client.post(f"/mails/{mail['id']}/{action}")).status == 200
            assert (await client.post(f"/mails/{mail['id']}/burn")).status == 404
            assert (await client.get("/mails/../../etc")).status == 404
            elsewhere = {"Origin": "https://evil.example"}
            assert (await client.post(f"/mails/{mail['id']}/{action}", headers=elsewhere)).status == 403

    asyncio.run(look())
    (published,) = sns.published
    event = json.loads(published["Message"])
    assert (published["TopicArn"], event["eventType"]) == ("arn:topic", kind)
    assert says in json.dumps(event[kind.lower()])
    assert event["mail"]["destination"] == ["ada@namo.test"]
    assert event["mail"]["tags"]["person"] == ["user-1"]
