"""When are owners reminded, and is there a mail server to do it with?

Source: docs/self-hosting.md, reminders and mail.
"""

import re
from datetime import timedelta
from email.headerregistry import Address

from aboard.core.languages import LANGUAGES
from aboard.core.links import LOOPBACK
from aboard.core.mail import MailAccess, Tls, read_address
from aboard.settings.sources import Sources

_MOST_DAYS = 365
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")


def read_reminders(given: Sources) -> tuple[timedelta | None, timedelta]:
    """Read after how long an owner is reminded, None for never, and how often again."""
    after = given.number("REMIND_AFTER_DAYS", 0, _MOST_DAYS)
    every = given.number("REMIND_EVERY_DAYS", 1, _MOST_DAYS)
    return (timedelta(days=after) if after else None), timedelta(days=every)


def read_mail(given: Sources) -> MailAccess | None:
    """Read how the mail server is reached; None without one, and then nothing is mailed."""
    host = given.text("MAIL_HOST")
    tls = given.checked("MAIL_TLS", lambda: Tls(given.text("MAIL_TLS")), Tls.STARTTLS)
    port = given.number("MAIL_PORT", 1, 65_535)
    language = given.text("MAIL_LANGUAGE")
    if language not in LANGUAGES:
        given.problem("MAIL_LANGUAGE", f"must be one of {', '.join(LANGUAGES)}")
    if not host:
        _refuse_without_host(given)
        return None
    if tls is Tls.NONE and host not in LOOPBACK:
        given.problem("MAIL_TLS", "must be starttls or tls outside loopback")
    username = given.text("MAIL_USERNAME") or None
    secrets = given.whole_secret("MAIL_PASSWORD")
    if (username is None) is not (secrets is None):
        given.problem("MAIL_USERNAME", "and ABOARD_MAIL_PASSWORD belong together; set both or none")
    return MailAccess(
        host=host,
        port=port,
        sender=given.checked("MAIL_FROM", lambda: _sender(given.text("MAIL_FROM")), Address()),
        tls=tls,
        username=username,
        password=secrets,
        language=language,
    )


def _refuse_without_host(given: Sources) -> None:
    if given.text("MAIL_FROM") or given.text("MAIL_USERNAME") or given.text("MAIL_PASSWORD"):
        given.problem("MAIL_HOST", "is missing; without a mail server nothing is mailed")


def _sender(text: str) -> Address:
    named = _NAMED.fullmatch(text)
    plain = read_address(named["address"] if named else text)
    name = named["name"].strip().strip('"') if named else ""
    return Address(name, plain.username, plain.domain)
