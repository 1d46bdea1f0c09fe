"""From a payment to a mail in its payer's language; and no mail to where it came back, or is not wanted."""

import asyncio
import json
import uuid
from typing import Any

import aiohttp
import boto3
import pytest
from botocore.exceptions import ClientError

from local.client import Person
from tests.stack.asking import get
from tests.stack.client import PATIENCE_SECONDS, Pause, StackClient
from tests.stack.mailbox import Mail, Mailbox
from tests.stack.paying import Bank, Payment, begin


@pytest.fixture
def bank(client: StackClient) -> Bank:
    return Bank(client.outputs["bankUrl"])


@pytest.fixture
def mailbox(client: StackClient) -> Mailbox:
    return Mailbox(client.outputs["mailboxUrl"])


async def buyer(client: StackClient, **wishes: Any) -> Person:
    person = await client.new_user(0)
    if wishes:
        assert await get(client, person, "updateMe", input=wishes)
    return person


async def paid(client: StackClient, bank: Bank, person: Person, action: str = "pay") -> Payment:
    payment = await begin(client, person, "VNPAY")
    await bank.act(payment, action)
    return payment


async def outcome(client: StackClient, kind: str, payment: Payment) -> str:
    """Wait for what became of a mail, and tell it."""
    key = {"mail": {"S": f"{kind}#{payment['id']}"}}
    pause = Pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            row = client.boto("dynamodb").get_item(TableName=client.outputs["tables"]["Mails"], Key=key).get("Item", {})
            if "outcome" in row:
                return row["outcome"]["S"]
            await pause()


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("EN", "Your receipt from NamO Studio: ₫249,000", "100 points have been added to your balance."),
        ("VI", "Biên nhận từ NamO Studio: 249.000\u00a0₫", "100 điểm đã được cộng vào số dư của bạn."),
    ],
)
async def test_who_pays_has_a_receipt_in_their_language(
    client: StackClient, bank: Bank, mailbox: Mailbox, language: str, subject: str, said: str
) -> None:
    person = await buyer(client, language=language)
    payment = await paid(client, bank, person)
    mail = await mailbox.await_of(person, "RECEIPT")
    assert (mail["subject"], mail["from"]) == (subject, "NamO Studio <studio@mail.namo.test>")
    for text in (mail["text"], mail["html"]):
        assert said in text
        assert payment["id"] in text
    assert await outcome(client, "RECEIPT", payment) == "SENT"
    assert len(await mailbox.of(person)) == 1


async def marked(client: StackClient, person: Person) -> None:
    """Wait until nothing more goes to somebody's address."""
    key = {"id": {"S": person.sub}}
    pause = Pause()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            row = client.boto("dynamodb").get_item(TableName=client.outputs["tables"]["People"], Key=key)["Item"]
            if "unreachable" in row:
                return
            await pause()


@pytest.mark.parametrize("action", ["bounce", "complain"])
async def test_nothing_more_goes_to_where_mail_came_back_or_was_complained_of(
    client: StackClient, bank: Bank, mailbox: Mailbox, action: str
) -> None:
    person = await buyer(client)
    await paid(client, bank, person)
    mail = await mailbox.await_of(person, "RECEIPT")
    await mailbox.say(mail, "soft-bounce")
    again = await paid(client, bank, person)
    assert await outcome(client, "RECEIPT", again) == "SENT"
    await mailbox.say(mail, action)
    await marked(client, person)
    last = await paid(client, bank, person)
    assert await outcome(client, "RECEIPT", last) == "UNREACHABLE"
    assert len(await mailbox.of(person)) == 2


async def test_one_click_stops_notices_and_no_receipts(client: StackClient, bank: Bank, mailbox: Mailbox) -> None:
    person = await buyer(client)
    await paid(client, bank, person, "refuse")
    await stop(await mailbox.await_of(person, "PAYMENT_FAILED"))
    assert not (await get(client, person, "me"))["mailing"]
    assert await outcome(client, "PAYMENT_FAILED", await paid(client, bank, person, "refuse")) == "NOT_WANTED"
    assert await outcome(client, "RECEIPT", await paid(client, bank, person)) == "SENT"


async def stop(notice: Mail) -> None:
    """Do as a mail program does: look at the link, forge it, and post to it."""
    url = notice["headers"]["List-Unsubscribe"].strip("<>")
    assert notice["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as page:
            assert page.status == 200
            assert "form-action 'self'" in page.headers["content-security-policy"]
            assert '<form method="post">' in await page.text()
        async with session.post(url.replace("person=", "person=x"), data={"List-Unsubscribe": "One-Click"}) as forged:
            assert forged.status == 400
        async with session.post(url, data={"List-Unsubscribe": "One-Click"}) as done:
            assert done.status == 200


def test_a_sender_is_held_to_its_address(client: StackClient) -> None:
    """The role of the function that sends, enforced: no other sender, no other function."""
    iam = client.boto("iam")
    role = client.boto("lambda").get_function(FunctionName=client.outputs["functions"]["mail"])["Configuration"]["Role"]
    (name,) = iam.list_role_policies(RoleName=role.rpartition("/")[2])["PolicyNames"]
    policy = iam.get_role_policy(RoleName=role.rpartition("/")[2], PolicyName=name)["PolicyDocument"]
    (right,) = (each for each in policy["Statement"] if "ses:SendEmail" in str(each["Action"]))
    user = f"mail-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=user)
    iam.put_user_policy(
        UserName=user,
        PolicyName="p",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [right]}),
    )
    key = iam.create_access_key(UserName=user)["AccessKey"]
    ses: Any = boto3.client(
        "sesv2",
        endpoint_url=client.outputs["awsEndpoint"],
        region_name=client.outputs["region"],
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
    )
    text = {"Data": "x"}

    def send(sender: str) -> Any:
        return ses.send_email(
            FromEmailAddress=sender,
            Destination={"ToAddresses": [f"{user}@namo.test"]},
            Content={"Simple": {"Subject": text, "Body": {"Text": text}}},
        )

    assert send("NamO Studio <studio@mail.namo.test>")["MessageId"]
    with pytest.raises(ClientError, match="not authorized"):
        send("NamO Studio <billing@mail.namo.test>")
