"""What VNPAY's signed words say: those of its IPN, and those that it answers when it is asked."""

from studio.payments.notice import Notice, NotUnderstoodError, Result
from studio.payments.providers.vnpay.values import (
    OK,
    UNFINISHED,
    Parameters,
    amount,
    code,
    payment_id,
    transaction_number,
)

# As a response code: the money was taken, but is suspected. As a status: taken at the bank but not booked; suspected.
_SUSPECTED, _HALF_DONE = "07", "04"


def read(parameters: Parameters) -> Notice:
    """Say what a verified notice says.

    Raises
    ------
    NotUnderstoodError
        Its amount or its codes are none; or it says that it was paid, and not by which transaction.
    """
    number, result = transaction_number(parameters), result_of(parameters)
    if result == Result.PAID and number is None:
        raise NotUnderstoodError("vnp_TransactionNo is no transaction's number")
    return Notice(
        payment_id=payment_id(parameters),
        reference=number if result in {Result.PAID, Result.SUSPECTED} else None,
        amount=amount(parameters),
        result=result,
    )


def result_of(parameters: Parameters) -> Result | None:
    """Say what came of the attempt, None while nothing did. Only both codes together say that it was paid."""
    response, status = code(parameters, "vnp_ResponseCode"), code(parameters, "vnp_TransactionStatus")
    if (response, status) == (OK, OK):
        return Result.PAID
    if response == _SUSPECTED or status in {_SUSPECTED, _HALF_DONE}:
        return Result.SUSPECTED
    return None if status == UNFINISHED else Result.FAILED
