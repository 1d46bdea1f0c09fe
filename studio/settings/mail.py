"""The settings of functions of mail."""


class UnsubscribeKeys:
    """`mail_secret` holds the keys of the links that stop notices, by name; the first one signs."""

    people_table: str
    mail_secret: str


class Mail(UnsubscribeKeys):
    """Settings of the function that sends mails; `mail_lost` is the URL of the dead letters' queue.

    `mail_from` is the sender as a mail shows it, `mail_set` SES's configuration set, `unsubscribe_url` the page where
    notices are stopped.
    """

    mails_table: str
    mail_from: str
    mail_set: str
    mail_lost: str
    unsubscribe_url: str


class MailFeedback:
    """Settings of the function that receives bounces and complaints of mails."""

    people_table: str


class Unsubscribe(UnsubscribeKeys):
    """Settings of the page where notices are stopped."""
