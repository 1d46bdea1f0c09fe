"""Writes every change of the ledger and the audit trail into the archive; one that is no new line rings."""

from typing import Any

from resolvers.streams.records import Record, failures
from studio.alarms import Alarm, raise_alarm
from studio.archive import Archive, line_of, table_of
from studio.settings import streams as settings
from studio.settings.environment import read_settings
from studio.sweeping import each

config = read_settings(settings.Archive)
_archive = Archive(config.archive_bucket)


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """Archive a batch; what could not be written comes again."""
    return failures(each(event["Records"], _keep, what="change to archive", name=_number))


def _keep(record: Record) -> None:
    if record["eventName"] != "INSERT":  # neither table is changed by the studio, nor has a TTL
        line = " ".join(line_of(record))
        raise_alarm(Alarm.LINE_CHANGED, table=table_of(record), line=line, event=record["eventName"])
    _archive.keep(record)


def _number(record: Record) -> str:
    return record["dynamodb"]["SequenceNumber"]
