"""Mail an owner that something waits for them, or somebody who registers their code.

Only sent where an operator named a mail server. A reminder's only link is our own page. A mail
that does not get through is tried a few times at once; after that the next reminder is the next
try, and whoever registers asks again.

Source: docs/self-hosting.md, reminders and mail; RFC 5321; RFC 3834, automatic messages.
"""

import asyncio
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from html import escape
from urllib.parse import quote

from aboard.core.mail import Letter, MailAccess, Tls, letter_words, read_address
from aboard.core.owner import Owner, OwnerKind
from aboard.core.secret import Secret

_PERMANENT = 500
_PAUSES = (1.0, 5.0)
_TIMEOUT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class MailFailure:
    """Why a mail did not get through: a word for the log, never an address.

    `is_server` says that it is the server, so that the next mail would fare no better.
    """

    cause: str
    is_server: bool


class Postbox:
    """Hands mails to one server, each over a connection of its own."""

    def __init__(
        self,
        access: MailAccess,
        *,
        pauses: Sequence[float] = _PAUSES,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """Say which server; nothing is connected yet. `pauses` are seconds between the tries.

        `trust` decides which certificates are believed instead of the system's own.
        """
        self._access = access
        self._pauses = tuple(pauses)
        self._trust = trust

    async def send_reminder(self, to: str, link: str, now: datetime) -> MailFailure | None:
        """Mail a reminder with our own link; return why it failed, or None where it was taken."""
        return await self.send(Letter.REMINDER, to, self._access.language, now, link=link)

    async def send(
        self,
        letter: Letter,
        to: str,
        language: str,
        now: datetime,
        *,
        link: str | None = None,
        code: Secret | None = None,
    ) -> MailFailure | None:
        """Mail a letter, with a link or a code where it has one; return why it failed, or None."""
        try:
            message = compose(
                self._access, letter, read_address(to), language, now, link=link, code=code
            )
        except ValueError:
            return MailFailure("address_refused", is_server=False)
        for pause in self._pauses:
            failure, may_pass = await asyncio.to_thread(self._try, message)
            if failure is None or not may_pass:
                return failure
            await asyncio.sleep(pause)
        failure, _ = await asyncio.to_thread(self._try, message)
        return failure

    def _try(self, message: EmailMessage) -> tuple[MailFailure | None, bool]:
        """Send once; say what failed, and whether it may pass by itself."""
        cause: Exception
        try:
            self._send(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            codes = [code for code, _ in refusal.recipients.values()]
            return MailFailure("recipient_refused", is_server=False), min(codes) < _PERMANENT
        except (smtplib.SMTPConnectError, smtplib.SMTPHeloError) as refusal:
            cause = refusal
        except smtplib.SMTPAuthenticationError as refusal:
            return _failure(refusal, is_server=True), False
        except smtplib.SMTPResponseException as refusal:
            return _failure(refusal, is_server=False), refusal.smtp_code < _PERMANENT
        except smtplib.SMTPNotSupportedError as refusal:
            return _failure(refusal, is_server=True), False
        except (smtplib.SMTPException, OSError) as trouble:
            cause = trouble
        else:
            return None, False
        return _failure(cause, is_server=True), True

    def _send(self, message: EmailMessage) -> None:
        access = self._access
        # Our own name by the sender: asking the resolver for it may take longer than the mail.
        name = access.sender.domain
        context = self._trust or ssl.create_default_context()
        if access.tls is Tls.TLS:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                access.host,
                access.port,
                local_hostname=name,
                timeout=_TIMEOUT_SECONDS,
                context=context,
            )
        else:
            server = smtplib.SMTP(
                access.host, access.port, local_hostname=name, timeout=_TIMEOUT_SECONDS
            )
        with server:
            if access.tls is Tls.STARTTLS:
                server.starttls(context=context)
            if access.username is not None and access.password is not None:
                server.login(access.username, access.password.reveal())
            server.send_message(message)


def compose(
    access: MailAccess,
    letter: Letter,
    to: Address,
    language: str,
    now: datetime,
    *,
    link: str | None = None,
    code: Secret | None = None,
) -> EmailMessage:
    """Write a letter in this language, as plain text and as simple HTML."""
    words = letter_words(letter, language)
    told = code.reveal() if code is not None else link or ""
    message = EmailMessage()
    message["From"] = access.sender
    message["To"] = to
    message["Subject"] = words.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=access.sender.domain)
    message["Auto-Submitted"] = "auto-generated"
    middle = f"{words.action}\n{told}\n\n" if told else ""
    message.set_content(f"{words.greeting}\n\n{words.body}\n\n{middle}{words.closing}\n")
    shown = f"<strong>{escape(told)}</strong>"
    if link is not None:
        shown = f'<a href="{escape(link)}">{escape(link)}</a>'
    middles = [f"{escape(words.action)}<br>{shown}"] if told else []
    parts = [escape(words.greeting), escape(words.body), *middles, escape(words.closing)]
    message.add_alternative(
        f'<!doctype html><html lang="{language}"><body>'
        + "".join(f"<p>{part}</p>" for part in parts)
        + "</body></html>",
        subtype="html",
    )
    message["Content-Language"] = language
    return message


def owner_page(public_url: str, owner: Owner) -> str:
    """Return the address of the owner's own page here; it opens nothing without signing in."""
    if owner.kind is OwnerKind.CREATOR:
        return f"{public_url}/connect/creator/{owner.mode}"
    return f"{public_url}/connect/organizations/{quote(owner.id, safe='')}/{owner.mode}"


def _failure(cause: Exception, *, is_server: bool) -> MailFailure:
    return MailFailure(type(cause).__name__, is_server=is_server)
