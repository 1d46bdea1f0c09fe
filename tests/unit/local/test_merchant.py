import json
import re
from pathlib import Path

from local import merchant
from local.bank.keys import Keys
from local.printer.keys import KeyFile
from tests.unit.local.conftest import Put


def test_keys_are_made_once_for_each_folder_and_are_its_owners_alone(tmp_path: Path) -> None:
    path = merchant.remembered(tmp_path / "merchant.json")
    made = path.read_text()
    assert merchant.remembered(path).read_text() == made
    assert path.stat().st_mode & 0o077 == 0
    assert merchant.remembered(tmp_path / "other.json").read_text() != made


def test_the_printers_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    path = merchant.printer_key(tmp_path / "printer.json")
    made = path.read_text()
    assert merchant.printer_key(path).read_text() == made
    assert path.stat().st_mode & 0o077 == 0
    assert KeyFile(path).opens(json.loads(made)["apiKey"])


def test_keys_are_of_the_providers_forms_and_what_the_bank_reads(tmp_path: Path) -> None:
    keys = Keys.read(merchant.remembered(tmp_path / "merchant.json"))
    assert re.fullmatch(r"[A-Z0-9]{8}", keys.tmn_code)
    assert keys.api_key.startswith("sk_test_")
    assert keys.refunds_key.startswith("rk_test_")
    assert keys.webhook_secret.startswith("whsec_")
    assert len(keys.hash_secret) == 32


class Manager:
    """Secrets Manager: it has none of the secrets yet."""

    class exceptions:  # noqa: N801 - boto3's name
        class ResourceNotFoundException(Exception):  # noqa: N818
            pass

    def __init__(self) -> None:
        self.kept: dict[str, dict[str, str]] = {}

    def client(self, _service: str) -> "Manager":
        return self

    def put_secret_value(self, **_: str) -> None:
        raise self.exceptions.ResourceNotFoundException

    def create_secret(self, *, Name: str, SecretString: str) -> None:  # noqa: N803
        self.kept[Name] = json.loads(SecretString)


def test_each_function_gets_the_keys_that_it_uses_in_a_secret_of_its_own(tmp_path: Path) -> None:
    path, manager = merchant.remembered(tmp_path / "merchant.json"), Manager()
    keys = Keys.read(path)
    merchant.publish(manager, path)  # pyright: ignore[reportArgumentType]
    assert manager.kept == {
        "namo/local/vnpay": {"tmnCode": keys.tmn_code, "hashSecret": keys.hash_secret},
        "namo/local/stripe": {"apiKey": keys.api_key},
        "namo/local/stripe-refunds": {"apiKey": keys.refunds_key},
        "namo/local/stripe-webhook": {"webhookSecret": keys.webhook_secret},
    }


def test_the_bank_is_told_where_the_studio_hears_of_payments(puts: tuple[str, list[Put]]) -> None:
    url, received = puts
    merchant.register(url, "http://webhooks")
    urls = {"vnpayIpnUrl": "http://webhooks/vnpay/ipn", "stripeWebhookUrl": "http://webhooks/stripe/webhook"}
    assert received == [("/_bank/merchant", urls)]


def test_no_key_is_made_twice(tmp_path: Path) -> None:
    keys = json.loads(merchant.remembered(tmp_path / "merchant.json").read_text())
    values = [value for each in keys.values() for value in each.values()]
    assert len(set(values)) == len(values) == 5
