"""The page where notices are stopped, by a signed link: shown to people, and posted to by mail programs (RFC 8058)."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.logging import Logger

from resolvers.webhooks.page import Words, answer
from studio.mail.unsubscribe import UnsubscribeLinks, unsubscribe
from studio.people.table import People
from studio.secrets import Secret
from studio.settings import mail as settings
from studio.settings.environment import read_settings

_ASK = Words("Stop notices from NamO Studio?", "Ngừng nhận thông báo từ NamO Studio?")
_ASK_MORE = Words(
    "Receipts and other mail about what you buy still reach you.",
    "Biên nhận và email về giao dịch của bạn vẫn sẽ được gửi.",
)
_BUTTON = Words("Stop notices", "Ngừng nhận thông báo")
_DONE = Words("Done", "Đã xong")
_DONE_MORE = Words(
    "You get no more notices. You can have them again in the settings of your account.",
    "Bạn sẽ không nhận thông báo nữa. Bạn có thể bật lại trong phần cài đặt tài khoản.",
)
_UNKNOWN = Words("This link is not complete", "Liên kết này không đầy đủ")
_UNKNOWN_MORE = Words("Please open it from the mail again.", "Vui lòng mở lại liên kết từ email.")

log = Logger()
config = read_settings(settings.Unsubscribe)
_links = UnsubscribeLinks(Secret(config.mail_secret).current)
_people = People(config.people_table)


def handler(event: Mapping[str, Any], _context: Any) -> dict[str, Any]:
    """Answer the HTTP API. Opening the link changes nothing: programs that look for malware open it too."""
    person = _links.person_of(event["rawQueryString"])
    if person is None:
        return answer(400, _UNKNOWN, _UNKNOWN_MORE)
    if event["routeKey"].startswith("GET "):
        return answer(200, _ASK, _ASK_MORE, button=_BUTTON)
    unsubscribe(_people, person)
    log.info("notices stopped", extra={"person": person})
    return answer(200, _DONE, _DONE_MORE)
