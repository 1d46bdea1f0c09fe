"""The texts of mails, by language and kind. A new kind of mail is its value of `MailKind` and its text in each."""

from collections.abc import Mapping

from studio.mail.model import MailKind
from studio.mail.texts import en, vi
from studio.mail.texts.text import Common, Text
from studio.people.model import Language

TEXTS: Mapping[Language, Mapping[MailKind, Text]] = {Language.EN: en.TEXTS, Language.VI: vi.TEXTS}
COMMON: Mapping[Language, Common] = {Language.EN: en.COMMON, Language.VI: vi.COMMON}
