"""Changing one's avatar: the copies first, then the row, then what it replaces goes."""

from dataclasses import dataclass
from datetime import datetime

from studio.errors import ContendedError, StudioError
from studio.media.avatars import Avatars
from studio.people.change import Changes, Fields
from studio.people.model import Avatar, Caller, Person
from studio.sweeping import each


@dataclass(frozen=True)
class AvatarChanges:
    """Changes what people may change of themselves, their avatar among it.

    Copies whose row was not written, because the function ended in between, belong to nobody: see `checks/orphans.py`.
    """

    changes: Changes
    avatars: Avatars

    def set_own(self, caller: Caller, upload_id: str | None, fields: Fields, now: datetime) -> Person:
        """Show an upload of the caller's own, or with None no picture; the one that is shown already changes nothing.

        Raises
        ------
        StudioError
            ID_MALFORMED, UPLOAD_UNKNOWN, PURPOSE_MISMATCH, UPLOAD_NOT_READY, UPLOAD_REJECTED.
        """
        shown = self.changes.person_finder.caller(caller, now).avatar
        if shown and shown.upload == upload_id:
            return self.changes.set_own(caller, fields, now).after
        avatar = self.avatars.take(caller.sub, upload_id, now) if upload_id is not None else None
        try:
            changed = self.changes.set_own(caller, {**fields, "avatar": avatar}, now)
        except (StudioError, ContendedError):  # nothing was written
            self._drop(caller, avatar)
            raise
        if changed.before.avatar != changed.after.avatar:
            self._drop(caller, changed.before.avatar)
        return changed.after

    def _drop(self, caller: Caller, avatar: Avatar | None) -> None:
        dropped = [avatar] if avatar else []
        each(dropped, lambda one: self.avatars.drop(caller.sub, one), what="avatar to drop", name=lambda one: one.id)
