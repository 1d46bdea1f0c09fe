"""The functions of mail as Lambda calls them: what fails comes again alone, and what never can is put aside."""

import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.validate import validate_parameters

from studio.dynamo import pack
from studio.mail.item import event_to_message
from studio.mail.model import Outcome
from studio.mail.ses import Ses
from studio.payments.model import PaymentProvider
from tests.unit.fault_injection import unreachable
from tests.unit.mail.conftest import PostOffice, notice, receipt
from tests.unit.payments.shop import Shop
from tests.unit.resolvers.conftest import Load
from tests.unit.resolvers.conftest import load as load  # noqa: PLC0414 - a fixture
from tests.unit.world import World

ADDRESS = "user-1@namo.test"


class FakeSes:
    """SES, as boto3 gives it, giving a test's answers; what it was asked is valid, or boto3 would not ask."""

    def __init__(self) -> None:
        self.client: Any = boto3.client("sesv2")
        self.exceptions = self.client.exceptions
        self.asked: list[dict[str, Any]] = []
        self.errors: list[str] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        validate_parameters(request, self.client.meta.service_model.operation_model("SendEmail").input_shape)
        if self.errors:
            code = self.errors.pop()
            known = {
                "MessageRejected": self.exceptions.MessageRejected,
                "BadRequestException": self.exceptions.BadRequestException,
            }
            raise known.get(code, ClientError)(
                {"Error": {"Code": code, "Message": f"{ADDRESS} is refused"}}, "SendEmail"
            )
        self.asked.append(request)
        return {"MessageId": "m1"}


@pytest.fixture
def ses() -> FakeSes:
    return FakeSes()


@pytest.fixture
def queues() -> Iterator[dict[str, str]]:
    sqs: Any = boto3.client("sqs")
    urls = {name: sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("mail-queue", "mail-lost", "mail-unread")}
    yield urls
    for url in urls.values():
        sqs.delete_queue(QueueUrl=url)


def lying(url: str) -> list[Any]:
    sqs: Any = boto3.client("sqs")
    return sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["cause"]).get(
        "Messages", []
    )


@pytest.fixture
def mail(office: PostOffice, load: Load, queues: dict[str, str], ses: FakeSes, monkeypatch: pytest.MonkeyPatch) -> Any:
    del office
    module = load(
        "resolvers.streams.mail",
        MAILS_TABLE="Mails",
        MAIL_FROM="NamO Studio <studio@namo.example>",
        MAIL_SET="namo-test",
        MAIL_SECRET="namo/test/addresses",
        MAIL_LOST=queues["mail-lost"],
        UNSUBSCRIBE_URL="https://hooks.namo.example/unsubscribe",
    )
    monkeypatch.setattr(module._sender.mailer, "_make", lambda: ses)
    return module


def records(*bodies: str) -> dict[str, Any]:
    return {"Records": [{"messageId": str(i), "body": body} for i, body in enumerate(bodies)]}


def failed(answer: dict[str, Any]) -> list[str]:
    return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


def test_a_mail_is_sent_as_ses_wants_it(mail: Any, ses: FakeSes) -> None:
    assert failed(mail.handler(records(event_to_message(receipt()), event_to_message(notice())), None)) == []
    first, second = ses.asked
    assert first["FromEmailAddress"] == "NamO Studio <studio@namo.example>"
    assert first["Destination"] == {"ToAddresses": [ADDRESS]}
    assert first["ConfigurationSetName"] == "namo-test"
    assert first["EmailTags"] == [{"Name": "kind", "Value": "RECEIPT"}, {"Name": "person", "Value": "user-1"}]
    assert first["Content"]["Simple"]["Headers"] == []
    (link, click) = second["Content"]["Simple"]["Headers"]
    assert link["Value"].startswith("<https://hooks.namo.example/unsubscribe?person=user-1&")
    assert click == {"Name": "List-Unsubscribe-Post", "Value": "List-Unsubscribe=One-Click"}


def test_one_that_fails_comes_again_alone_and_after_the_lease_is_sent(
    mail: Any, ses: FakeSes, office: PostOffice, queues: dict[str, str]
) -> None:
    ses.errors = ["TooManyRequestsException"]
    event = records(event_to_message(receipt("1")), event_to_message(receipt("2")))
    assert failed(mail.handler(event, None)) == ["0"]
    assert failed(mail.handler(event, None)) == ["0"], "its lease is not over"
    office.world.later(61)
    assert failed(mail.handler(event, None)) == []
    assert len(ses.asked) == 2
    assert lying(queues["mail-lost"]) == []


@pytest.mark.parametrize("code", ["MessageRejected", "BadRequestException"])
def test_what_ses_never_takes_is_put_aside_with_its_cause(
    mail: Any, ses: FakeSes, queues: dict[str, str], code: str
) -> None:
    ses.errors = [code]
    body = event_to_message(receipt())
    assert failed(mail.handler(records(body), None)) == []
    (lost,) = lying(queues["mail-lost"])
    assert (lost["Body"], lost["MessageAttributes"]["cause"]["StringValue"]) == (body, code)


@pytest.mark.parametrize(
    "body", ["{", "[]", "{}", json.dumps({"kind": "RECEIPT", "event": "1", "person": "p", "facts": {"x": True}})]
)
def test_what_is_no_mail_holds_up_no_other(mail: Any, ses: FakeSes, queues: dict[str, str], body: str) -> None:
    assert failed(mail.handler(records(body, event_to_message(receipt())), None)) == []
    assert len(ses.asked) == 1
    assert [each["Body"] for each in lying(queues["mail-lost"])] == [body]


@pytest.mark.parametrize("code", ["TooManyRequestsException", "MessageRejected"])
def test_no_log_holds_an_address(
    mail: Any, ses: FakeSes, code: str, caplog: pytest.LogCaptureFixture, queues: dict[str, str]
) -> None:
    del queues
    ses.errors = [code]
    mail.handler(records(event_to_message(receipt()), event_to_message(receipt("2"))), None)
    logged = repr([vars(record) for record in caplog.records])
    assert "mail seen to" in logged
    assert "@" not in logged


def test_boto3_makes_each_call_once() -> None:
    ses: Any = Ses("a@b.example", "set")
    config = ses._client.meta.config
    assert config.retries["total_max_attempts"] == 1


# ---- the stream of payments


@pytest.fixture
def stream(load: Load, queues: dict[str, str]) -> Any:
    return load(
        "resolvers.streams.payments",
        MAIL_QUEUE=queues["mail-queue"],
        UNREAD_QUEUE=queues["mail-unread"],
        PAYMENTS_RECONCILER="namo-payments-reconciler",
    )


def change(before: dict[str, Any], after: dict[str, Any], number: str = "1") -> dict[str, Any]:
    images = {"OldImage": pack(before), "NewImage": pack(after)}
    keys = {"Keys": {"id": {"S": after["id"]}}, "SequenceNumber": number}
    return {
        "eventID": number,
        "eventSourceARN": "arn:aws:dynamodb:::table/Payments/stream/1",
        "dynamodb": {**images, **keys},
    }


def test_a_change_of_a_payment_is_told_and_one_that_cannot_be_read_is_put_aside(
    stream: Any, world: World, queues: dict[str, str]
) -> None:
    world.joined()
    shop = Shop(world, world.client)
    payment = shop.waiting(PaymentProvider.VNPAY)
    before = shop.payments.get({"id": payment.id}) or {}
    shop.send_ipn(shop.ipn(payment))
    after = shop.payments.get({"id": payment.id}) or {}
    spoiled = change(before, {**after, "status": "?"}, "2")
    assert stream.handler({"Records": [spoiled, change(before, after), change(after, after)]}, None) == {
        "batchItemFailures": []
    }
    (message,) = lying(queues["mail-queue"])
    assert json.loads(message["Body"])["kind"] == "RECEIPT"
    (unread,) = lying(queues["mail-unread"])
    assert json.loads(unread["Body"])["sequenceNumber"] == "2"


@pytest.mark.parametrize("down", [False, True])
def test_a_refund_is_asked_for_at_once_by_who_may(
    stream: Any, world: World, queues: dict[str, str], monkeypatch: pytest.MonkeyPatch, *, down: bool
) -> None:
    invoked: list[dict[str, Any]] = []
    call = unreachable if down else lambda **given: invoked.append(given)
    monkeypatch.setattr(stream, "_lambda", SimpleNamespace(invoke=call))
    world.joined()
    shop = Shop(world, world.client)
    payment = shop.waiting(PaymentProvider.VNPAY)
    shop.send_ipn(shop.ipn(payment))
    before = shop.payments.get({"id": payment.id}) or {}
    shop.refund_requester.ask(payment.id, "its order failed", "orders", world.time)
    after = shop.payments.get({"id": payment.id}) or {}
    # The clock asks for it in any case, and what changes while it is asked for sets off nothing more.
    records = [change(before, after, "1"), change(after, after, "2")]
    assert stream.handler({"Records": records}, None) == {"batchItemFailures": []}
    asked = {"FunctionName": "namo-payments-reconciler", "InvocationType": "Event"}
    assert invoked == ([] if down else [{**asked, "Payload": json.dumps({"payment": payment.id}).encode()}])
    assert lying(queues["mail-queue"]) == []


def test_where_the_queue_is_away_the_change_comes_again(
    stream: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.joined()
    shop = Shop(world, world.client)
    payment = shop.waiting(PaymentProvider.VNPAY)
    before = shop.payments.get({"id": payment.id}) or {}
    shop.send_ipn(shop.ipn(payment))
    after = shop.payments.get({"id": payment.id}) or {}

    monkeypatch.setattr(stream._outbox, "send", unreachable)
    assert failed(stream.handler({"Records": [change(after, after, "1"), change(before, after, "2")]}, None)) == ["2"]


# ---- what SES says


def test_feedback_that_cannot_be_read_is_raised_once_the_rest_is_handled(office: PostOffice, load: Load) -> None:
    handler = load("resolvers.streams.mail_feedback").handler
    said = {
        "eventType": "Bounce",
        "bounce": {"bounceType": "Permanent"},
        "mail": {"destination": [ADDRESS], "tags": {"person": ["user-1"]}},
    }
    with pytest.raises(RuntimeError):
        handler({"Records": [{"Sns": {"Message": each}} for each in ("{}", json.dumps(said))]}, None)
    assert office.sender().send(receipt(), office.world.time) == Outcome.UNREACHABLE
    handler({"Records": [{"Sns": {"Message": json.dumps(said)}}]}, None)
