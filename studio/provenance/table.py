"""Where perceptual hashes are kept: the Fingerprints table."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Final

from studio.dynamo import Table
from studio.provenance.item import fingerprint_from_item, fingerprint_to_item
from studio.provenance.model import NEAR, Fingerprint, buckets
from studio.sweeping import readable

_MOST: Final = 1000  # of a bucket that are looked at: of 4,096 buckets, so four million pictures


class Fingerprints(Table):
    """The Fingerprints table. A row goes by itself when its job does."""

    def add(self, fingerprint: Fingerprint) -> None:
        """Keep a hash; the same again changes nothing."""
        self.client.put_item(TableName=self.name, Item=self.put(fingerprint_to_item(fingerprint), "job")["Put"]["Item"])

    def near(self, bits: str) -> list[Fingerprint]:
        """Return the hashes that are nearly the same, the nearest first."""
        found = [each for bucket in buckets(bits) for each in self._in(bucket) if each.distance(bits) <= NEAR]
        return sorted(found, key=lambda each: each.distance(bits))

    def _in(self, bucket: str) -> Iterator[Fingerprint]:
        rows = self.query("#bucket = :bucket", {"bucket": bucket}, limit=_MOST).rows
        yield from readable(rows, fingerprint_from_item, what="fingerprint to read", name=itemgetter("job"))
