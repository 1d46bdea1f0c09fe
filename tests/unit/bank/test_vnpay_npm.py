"""VNPAY's client of the npm registry, unmodified: what it builds is taken, and what it is told it can verify."""

import asyncio
import json
from typing import Any

import pytest

from local.appsync.explorer.node import NODE, install
from tests.stack.client_runs import CLIENTS, Said
from tests.unit.bank.conftest import HASH_SECRET, Bank

pytestmark = pytest.mark.system_date


@pytest.fixture
async def said(stranger: Bank) -> Said:
    await asyncio.to_thread(install, CLIENTS)
    command = (NODE, CLIENTS / "vnpay.mjs", stranger.url, "LOCALTMN", HASH_SECRET)
    shop = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    async with asyncio.timeout(60):
        printed, _ = await shop.communicate()
    assert shop.returncode == 0, printed.decode()
    return Said([json.loads(line) for line in printed.decode().splitlines()])


def code(answer: dict[str, Any]) -> tuple[bool, str]:
    return answer["isSuccess"], answer["vnp_ResponseCode"]


async def test_a_shop_that_uses_the_npm_package(said: Said) -> None:
    assert said.one("page")["status"] == 200
    assert "100.000" in said.one("page")["text"]
    for step in ("return", "ipn"):
        assert (said.one(step)["isVerified"], *code(said.one(step))) == (True, True, "00")
        assert said.one(step)["vnp_Amount"] == 100_000
    assert not said.one("forged")["isVerified"]

    payment, refunded = said.one("query"), said.one("refunded")
    assert (payment["isVerified"], *code(payment), payment["vnp_TransactionStatus"]) == (True, True, "00", "00")
    assert (said.one("unknown")["isVerified"], *code(said.one("unknown"))) == (True, False, "91")
    # Of refunds' answers alone it divides the amount before it checks the seal, so `isVerified` is never true.
    assert (*code(said.one("part")), said.one("part")["vnp_Amount"]) == (True, "00", 40_000)
    assert code(said.one("too much")) == (False, "93")
    assert (refunded["isVerified"], refunded["vnp_TransactionType"]) == (True, "03")

    assert {bank["bank_code"] for bank in said.one("banks")} >= {"VNPAYQR", "NCB"}
