"""An administrator sets a rate: it stands for a day, whatever the source says."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from studio.audit.model import Act, AuditRecord
from studio.audit.table import AuditTrail
from studio.clock import iso
from studio.dynamo import ConditionFailed, transact
from studio.errors import ErrorType, StudioError
from studio.money import Currency
from studio.optimistic import retry
from studio.people.guard import refuse_acting
from studio.people.model import Caller
from studio.people.table import People
from studio.rates.model import BASE, LEAST, MOST, Rate, RateSource, sane
from studio.rates.table import Rates

HELD = timedelta(hours=24)


@dataclass(frozen=True)
class RateOverrides:
    """Sets rates by an administrator's word, which the audit trail keeps."""

    rates: Rates
    trail: AuditTrail
    people: People

    def set(self, admin: Caller, base: Currency, quote: Currency, number: float, now: datetime) -> Rate:
        """Set how much of `quote` one US dollar is.

        Raises
        ------
        StudioError
            CURRENCY_NOT_SUPPORTED, RATE_OUT_OF_RANGE, and what refuses who is no administrator any more.
        """
        rate = Rate(base, quote, _checked(base, quote, number), now, RateSource.ADMIN, now + HELD)

        def attempt() -> Rate:
            old = self.rates.of_dollar(quote)
            changed = [self.rates.replace(old, rate), self.trail.append(_record(admin, old, rate))]
            try:
                transact(self.rates.client, [*changed, self.people.acting(admin)])
            except ConditionFailed as failed:
                refuse_acting(failed, admin)
                raise  # the refresh, or another administrator, was there meanwhile
            return rate

        return retry(attempt)


def _checked(base: Currency, quote: Currency, number: float) -> Decimal:
    if base != BASE or quote == BASE:
        message = f"Rates are kept of one {BASE}: base must be {BASE}, and quote another currency."
        raise StudioError(ErrorType.CURRENCY_NOT_SUPPORTED, message)
    rate = Decimal(str(number))
    if not sane(rate):
        raise StudioError(
            ErrorType.RATE_OUT_OF_RANGE, f"rate must be {LEAST} to {MOST}.", min=float(LEAST), max=float(MOST)
        )
    return rate


def _record(admin: Caller, old: Rate | None, rate: Rate) -> AuditRecord:
    at = iso(rate.as_of)
    return AuditRecord(
        act=Act.RATE_SET,
        key=f"{rate.pair}@{at}",
        actor=admin.sub,
        subject=rate.pair,
        at=at,
        details={"old": f"{old.rate:f}" if old else None, "new": f"{rate.rate:f}"},
        source_ip=admin.ip,
    )
