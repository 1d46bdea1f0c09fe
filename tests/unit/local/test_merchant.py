import json
import re
from pathlib import Path

from local import merchant
from local.bank.keys import Keys
from tests.unit.local.conftest import Put


def test_keys_are_made_once_for_each_folder_and_are_its_owners_alone(tmp_path: Path) -> None:
    path = merchant.remembered(tmp_path / "merchant.json")
    made = path.read_text()
    assert merchant.remembered(path).read_text() == made
    assert path.stat().st_mode & 0o077 == 0
    assert merchant.remembered(tmp_path / "other.json").read_text() != made


def test_keys_are_of_the_providers_forms_and_what_the_bank_reads(tmp_path: Path) -> None:
    keys = Keys.read(merchant.remembered(tmp_path / "merchant.json"))
    assert re.fullmatch(r"[A-Z0-9]{8}", keys.tmn_code)
    assert keys.api_key.startswith("sk_test_")
    assert keys.webhook_secret.startswith("whsec_")
    assert len(keys.hash_secret) == 32


def test_the_bank_is_told_where_the_studio_hears_of_payments(puts: tuple[str, list[Put]]) -> None:
    url, told = puts
    merchant.register(url, "http://door")
    urls = {"vnpayIpnUrl": "http://door/vnpay/ipn", "stripeWebhookUrl": "http://door/stripe/webhook"}
    assert told == [("/_bank/merchant", urls)]


def test_no_key_is_made_twice(tmp_path: Path) -> None:
    told = json.loads(merchant.remembered(tmp_path / "merchant.json").read_text())
    values = [value for keys in told.values() for value in keys.values()]
    assert len(set(values)) == len(values) == 4
