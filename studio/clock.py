"""Time as the studio writes it: UTC, ISO 8601 with milliseconds, so that text order is time order."""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return e.g. `2026-11-20T09:30:00.123Z`, which AWSDateTime accepts."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_of_seconds(seconds: int) -> str:
    """Return a time that is kept in seconds since the epoch."""
    return iso(datetime.fromtimestamp(seconds, UTC))


def parse(text: str) -> datetime:
    return datetime.fromisoformat(text)


def millis(moment: datetime) -> int:
    """Return milliseconds since the epoch."""
    return round(moment.timestamp() * 1000)


def after(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
