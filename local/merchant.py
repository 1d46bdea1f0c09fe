"""What the studio shares with the bank and the printer: its keys, made here, and where it hears of payments."""

import json
import secrets
import string
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from infra.secrets import secret_name
from local import secret
from local.ministack import Aws
from local.stand_ins import configure

# VNPAY names its merchants by eight of these.
LETTERS: Final = string.ascii_uppercase + string.digits


def remembered(path: Path) -> Path:
    """The file of the keys at the bank, made once for each folder of state; one from before lacks some of them."""
    kept = json.loads(_kept(path, _new).read_text())
    path.write_text(json.dumps({provider: {**keys, **kept[provider]} for provider, keys in _new().items()}))
    return path


def printer_key(path: Path) -> Path:
    """The file of the key at the printer, made once for each folder of state."""
    return _kept(path, lambda: {"apiKey": secrets.token_hex(16)})


def _kept(path: Path, new: Callable[[], Mapping[str, Any]]) -> Path:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(json.dumps(new()))
    return path


def _new() -> dict[str, dict[str, str]]:
    return {
        "vnpay": {"tmnCode": "".join(secrets.choice(LETTERS) for _ in range(8)), "hashSecret": secrets.token_hex(16)},
        "stripe": {
            "apiKey": f"sk_test_{secrets.token_hex(16)}",
            "refundsKey": f"rk_test_{secrets.token_hex(16)}",
            "webhookSecret": f"whsec_{secrets.token_hex(16)}",
        },
    }


def publish(aws: Aws, path: Path) -> None:
    """Put the keys where functions read them: of Stripe's, each function its own."""
    keys = json.loads(path.read_text())
    stripe = keys["stripe"]
    secrets_ = {
        "vnpay": keys["vnpay"],
        "stripe": {"apiKey": stripe["apiKey"]},
        "stripe-refunds": {"apiKey": stripe["refundsKey"]},
        "stripe-webhook": {"webhookSecret": stripe["webhookSecret"]},
    }
    for name, values in secrets_.items():
        secret.put(aws, secret_name("local", name), json.dumps(values))


def publish_printer_key(aws: Aws, path: Path) -> None:
    """Put the key at the printer where functions read it."""
    secret.put(aws, secret_name("local", "printer"), path.read_text())


def register(bank_url: str, webhooks_url: str) -> None:
    """Give the bank the URLs of the studio's webhooks, as a merchant does on the providers' own pages."""
    urls = {"vnpayIpnUrl": f"{webhooks_url}/vnpay/ipn", "stripeWebhookUrl": f"{webhooks_url}/stripe/webhook"}
    configure(f"{bank_url}/_bank/merchant", urls)
