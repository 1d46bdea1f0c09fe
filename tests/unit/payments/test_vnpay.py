"""VNPAY's signature, against answers of another implementation, and the address of its pay page."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from studio.payments.model import Payment, PaymentProvider, Taken
from studio.payments.notice import Result
from studio.payments.providers.protocol import Payer
from studio.payments.providers.vnpay import checkout, events, signature
from studio.people.model import Language
from tests.unit.payments.shop import PRICE, VNPAY_KEYS, Vault, pending, signed
from tests.unit.world import NOON, USER

SECRET = "ASECRETOFTHIRTYTWOCHARACTERS0001"
# Each signature was made with:
#   printf '%s' "$TEXT" | openssl dgst -sha512 -hmac ASECRETOFTHIRTYTWOCHARACTERS0001
PLAIN = (
    {
        "vnp_TxnRef": "0b9c1f6e5f5e4f0e9d530a3f7c1f2b11",
        "vnp_Amount": "24900000",
        "vnp_BankCode": "NCB",
        "vnp_ResponseCode": "00",
        "vnp_TmnCode": "NAMO0001",
        "vnp_TransactionNo": "14422574",
        "vnp_TransactionStatus": "00",
    },
    (
        "vnp_Amount=24900000&vnp_BankCode=NCB&vnp_ResponseCode=00&vnp_TmnCode=NAMO0001&vnp_TransactionNo=14422574"
        "&vnp_TransactionStatus=00&vnp_TxnRef=0b9c1f6e5f5e4f0e9d530a3f7c1f2b11"
    ),
    (
        "c1abbe8e4b5dfb8547409f5f9b3ab898b4d3d146f546fec4ba7c74b341389bda"
        "6d5dfb567766f87c7be6fc572176225ebdb69751f56b6a6c3af79c7b5b954a9c"
    ),
)
# Spaces, plus signs, Vietnamese letters; the signature itself, and its type, are left out.
AWKWARD = (
    {
        "vnp_TxnRef": "0b9c1f6e5f5e4f0e9d530a3f7c1f2b11",
        "vnp_OrderInfo": "Đơn hàng 1+1 100% tiện & lợi",
        "vnp_ResponseCode": "24",
        "vnp_ReturnUrl": "https://namo.example/return?a=b c",
        "vnp_TransactionStatus": "02",
        "vnp_SecureHashType": "HmacSHA512",
        "vnp_SecureHash": "0",
        "vnp_Amount": "24900000",
    },
    (
        "vnp_Amount=24900000&vnp_OrderInfo=%C4%90%C6%A1n+h%C3%A0ng+1%2B1+100%25+ti%E1%BB%87n+%26+l%E1%BB%A3i"
        "&vnp_ResponseCode=24&vnp_ReturnUrl=https%3A%2F%2Fnamo.example%2Freturn%3Fa%3Db+c"
        "&vnp_TransactionStatus=02&vnp_TxnRef=0b9c1f6e5f5e4f0e9d530a3f7c1f2b11"
    ),
    (
        "759dbe167db710c22f473e89b12b825f9a35905f52a6c2f49813fecab3683a0e"
        "b28de5bd9a7717fecd0ea3351adc9323072b14caf21ff85f4c20d4d67f4c957e"
    ),
)

# The same with an empty value, as some of VNPAY's samples sign it and others do not.
EMPTY = (
    {**AWKWARD[0], "vnp_BankTranNo": ""},
    AWKWARD[1].replace("&vnp_OrderInfo", "&vnp_BankTranNo=&vnp_OrderInfo"),
    (
        "c47c6b222dc49df18abe0677ca12a14de53fe667b6914356f791e8a4b853dfa5"
        "2f05a6738db6f42167166e0b00c61ff63b859f5c2c2b731b1b3f7f32f237bb86"
    ),
)


def payment() -> Payment:
    return pending(PaymentProvider.VNPAY, USER, NOON)


@pytest.mark.parametrize(("parameters", "text", "hash_"), [PLAIN, AWKWARD, EMPTY], ids=["plain", "awkward", "empty"])
def test_a_signature_is_what_openssl_says(parameters: dict[str, str], text: str, hash_: str) -> None:
    assert signature.canonical(parameters) == text
    assert signature.signature(parameters, {"hashSecret": SECRET}) == hash_
    query = f"{text}&vnp_SecureHashType=HmacSHA512&vnp_SecureHash={hash_.upper()}"
    signed_ = {name: value for name, value in parameters.items() if value and not name.startswith("vnp_SecureHash")}
    assert signature.verified(query, [VNPAY_KEYS]) == signed_


def test_an_empty_value_need_not_be_signed() -> None:
    assert signature.verified(f"{AWKWARD[1]}&vnp_BankTranNo=&vnp_SecureHash={AWKWARD[2]}", [VNPAY_KEYS])


def test_the_pay_page_is_asked_for_in_vnpays_own_words() -> None:
    ours = payment()
    payer = Payer("203.0.113.9", Language.VI)
    url = checkout.pay_url("https://pay.example/vpcpay.html", ours, "100 points", payer, VNPAY_KEYS)
    given = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert given.pop("vnp_SecureHash") == signature.signature(given, VNPAY_KEYS)
    assert given == {
        "vnp_Version": "2.1.0",
        "vnp_Command": "pay",
        "vnp_TmnCode": "NAMO0001",
        "vnp_Amount": f"{PRICE}00",
        "vnp_CreateDate": "20261120190000",  # noon in London is seven in the evening in Hanoi
        "vnp_ExpireDate": "20261120200000",
        "vnp_CurrCode": "VND",
        "vnp_IpAddr": "203.0.113.9",
        "vnp_Locale": "vn",
        "vnp_OrderInfo": "NamO Studio 100 points",
        "vnp_OrderType": "other",
        "vnp_ReturnUrl": "https://hooks.namo.example/return",
        "vnp_TxnRef": ours.id.replace("-", ""),
    }


@pytest.mark.parametrize(
    "tampered",
    [
        lambda query: query.replace("vnp_Amount=24900000", "vnp_Amount=24900001"),
        lambda query: query.replace("vnp_BankCode=NCB&", ""),
        lambda query: f"{query}&vnp_Extra=1",
        lambda query: f"{query}&vnp_Amount=1",
        lambda query: f"vnp_Amount=1&{query}",
        lambda query: query[:-1],
        lambda query: query.partition("&vnp_SecureHash")[0],
        lambda query: f"{query}&vnp_SecureHash=0",
        lambda query: query.partition("vnp_SecureHash=")[0] + "vnp_SecureHash=%C3%A9",
        lambda _query: "",
    ],
)
def test_what_was_tampered_with_is_not_believed(tampered: Callable[[str], str]) -> None:
    query = signed(dict(PLAIN[0]), VNPAY_KEYS)
    assert signature.verified(query, [VNPAY_KEYS])
    assert signature.verified(tampered(query), [VNPAY_KEYS]) is None


@pytest.mark.parametrize("change", [{"vnp_ResponseCode": None}, {"vnp_TransactionStatus": ""}, {"vnp_Command": "pay"}])
def test_what_is_signed_and_no_notice_says_nothing(change: dict[str, str | None]) -> None:
    assert signature.verified(signed({**PLAIN[0], **change}, VNPAY_KEYS), [VNPAY_KEYS]) is None


def test_all_that_vnpay_documents_of_a_notice_is_taken() -> None:
    params = {
        **PLAIN[0],
        "vnp_BankTranNo": "VNP14422574",
        "vnp_CardType": "ATM",
        "vnp_OrderInfo": "NamO Studio 100 points",
        "vnp_PayDate": "20261120190500",
    }
    assert signature.verified(signed(dict(params), VNPAY_KEYS), [VNPAY_KEYS]) == params


def test_others_parameters_and_empty_ones_change_nothing() -> None:
    query = signed(dict(PLAIN[0]), VNPAY_KEYS)
    assert signature.verified(f"paymentId=1&{query}&vnp_CardType=&x=2", [VNPAY_KEYS]) == PLAIN[0]


def test_what_was_signed_before_a_rotation_is_still_good() -> None:
    vault = Vault(**VNPAY_KEYS)
    query = signed(dict(PLAIN[0]), VNPAY_KEYS)
    vault.rotate(tmnCode="NAMO0001", hashSecret="B" * 32)
    assert signature.verified(query, vault.secret().accepted())
    vault.rotate(tmnCode="NAMO0001", hashSecret="B" * 32)  # the same once more, as after a leak
    assert signature.verified(query, vault.secret().accepted()) is None


@pytest.mark.parametrize(
    ("response", "status", "result"),
    [("00", "00", Result.PAID), ("00", "02", Result.FAILED), ("24", "00", Result.FAILED), ("24", "02", Result.FAILED)],
)
def test_only_both_codes_together_mean_paid(response: str, status: str, result: Result) -> None:
    params = {**PLAIN[0], "vnp_ResponseCode": response, "vnp_TransactionStatus": status}
    assert events.read(params).result == result


def test_an_amount_that_is_no_number_of_dong_is_never_the_right_one() -> None:
    notice = events.read({**PLAIN[0], "vnp_Amount": "24900001"})
    assert notice.amount == Taken(0, "VND")
    assert notice.is_wrong_for(payment())


def test_a_notice_names_its_payment_and_the_money() -> None:
    notice = events.read(PLAIN[0])
    assert notice.payment_id == "0b9c1f6e-5f5e-4f0e-9d53-0a3f7c1f2b11"
    assert (notice.reference, notice.amount) == ("14422574", Taken(PRICE, "VND"))
    assert not notice.is_wrong_for(payment())
    assert events.read({**PLAIN[0], "vnp_TxnRef": "order 7"}).payment_id == "order 7"
