"""A mail server of a few lines, which keeps what it is handed and can be in a bad mood."""

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailRoom:
    """What came in, and how the next connections fare: one word of `mood` for each.

    `away` hangs up; a number answers every recipient.
    """

    tls: ssl.SSLContext | None = None
    password: str | None = None
    port: int = 0
    mood: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        mood = self.mood.pop(0) if self.mood else "fine"
        if mood != "away":
            await self._talk(reader, writer, mood)
        writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mood: str
    ) -> None:
        writer.write(b"220 mailroom\r\n")
        is_secret = False
        while line := (await reader.readline()).strip():
            verb = line.split(b" ")[0].upper()
            if verb == b"EHLO":
                offers = [b"mailroom", b"AUTH PLAIN"]
                if self.tls and not is_secret:
                    offers.append(b"STARTTLS")
                writer.write(
                    b"".join(b"250-%b\r\n" % offer for offer in offers) + b"250 8BITMIME\r\n"
                )
            elif verb == b"STARTTLS" and self.tls:
                writer.write(b"220 go ahead\r\n")
                await writer.start_tls(self.tls)
                is_secret = True
            elif verb == b"AUTH":
                _, user, password = base64.b64decode(line.split(b" ")[2]).split(b"\0")
                is_right = (user, password.decode()) == (b"aboard", self.password)
                writer.write(b"235 welcome\r\n" if is_right else b"535 no\r\n")
            elif verb == b"RCPT":
                self.recipients.append(line.decode().partition(":")[2])
                writer.write(b"%b said so\r\n" % (mood.encode() if mood.isdigit() else b"250"))
            elif verb == b"DATA":
                writer.write(b"354 go on\r\n")
                data = (await reader.readuntil(b"\r\n.\r\n"))[:-3].replace(b"\r\n..", b"\r\n.")
                self.mails.append(message_from_bytes(data, policy=policy.default))
                writer.write(b"250 taken\r\n")
            elif verb == b"QUIT":
                writer.write(b"221 bye\r\n")
                return
            else:
                writer.write(b"250 fine\r\n")


@asynccontextmanager
async def open_mailroom(
    *, tls: ssl.SSLContext | None = None, password: str | None = None
) -> AsyncIterator[MailRoom]:
    room = MailRoom(tls, password)
    server = await asyncio.start_server(room.serve, "127.0.0.1", 0)
    room.port = server.sockets[0].getsockname()[1]
    async with server:
        yield room
