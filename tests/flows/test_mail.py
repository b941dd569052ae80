"""A reminder by mail: our own page as its link, to one address, over a connection that is shut."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from email.headerregistry import Address
from pathlib import Path

import pytest

from aboard.core.account import AccountShape
from aboard.core.languages import LANGUAGES
from aboard.core.mail import MailAccess, Tls, read_address
from aboard.core.owner import Mode, Owner, OwnerKind
from aboard.core.secret import Secret
from aboard.flows.mail import MailFailure, Postbox, owner_page
from aboard.flows.platform import Platform
from aboard.flows.reminders import remind_due
from aboard.flows.start import start_onboarding
from tests.certificates import write_certificate
from tests.flows.mailroom import MailRoom, open_mailroom
from tests.scene import REFRESH_URL, RETURN_URL, Scene

SENDER = Address("Aboard Käse", "no-reply", "platform.example")
ADA = "ada@shop.example"


@pytest.fixture
async def room() -> AsyncIterator[MailRoom]:
    async with open_mailroom() as room:
        yield room


def access(room: MailRoom, **changes: object) -> MailAccess:
    plain = MailAccess("127.0.0.1", room.port, SENDER, Tls.NONE)
    return replace(plain, **changes)  # type: ignore[arg-type] # any field of it


def mailing(scene: Scene, room: MailRoom, **changes: object) -> Platform:
    postbox = Postbox(access(room, **changes), pauses=(0, 0))
    shapes = {key: AccountShape(country="US", email=ADA) for key in scene.platform.shapes}
    return scene.with_changes(postbox=postbox, shapes=shapes)


async def waiting(scene: Scene, platform: Platform, *owners: Owner) -> None:
    """Let owners begin, and leave things undone for long enough."""
    for owner in owners:
        await start_onboarding(platform, owner, return_url=RETURN_URL, refresh_url=REFRESH_URL)
    scene.clock.advance(timedelta(days=3))


def org(number: int) -> Owner:
    return Owner(OwnerKind.ORGANIZATION, f"org_{number}", Mode.TEST)


@pytest.mark.parametrize("language", LANGUAGES)
async def test_one_mail_to_the_owner_with_our_own_page(
    scene: Scene, room: MailRoom, organization: Owner, language: str
) -> None:
    platform = mailing(scene, room, language=language)
    await waiting(scene, platform, organization)
    assert await remind_due(platform) == 1
    assert await remind_due(platform) == 0
    [mail] = room.mails
    assert room.recipients == [f"<{ADA}>"]
    assert (mail["To"], mail["From"]) == (ADA, str(SENDER))
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == language
    assert mail["Date"].datetime == scene.clock()
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        text = part.get_content()
        assert "http://localhost:4242/connect/organizations/org_1/test" in text
        assert not [word for word in ("stripe.com", "acct_", "state=", "ticket=") if word in text]


async def test_each_language_says_it_in_its_own_words(room: MailRoom, scene: Scene) -> None:
    for language in LANGUAGES:
        box = Postbox(access(room, language=language))
        assert await box.send_reminder(ADA, "http://localhost/x", scene.clock()) is None
    assert len({mail["Subject"] for mail in room.mails}) == len(LANGUAGES)
    assert {mail.get_content_type() for mail in room.mails} == {"multipart/alternative"}


def test_whose_page_it_is() -> None:
    base = "https://aboard.example"
    creator = Owner(OwnerKind.CREATOR, "ada", Mode.LIVE)
    assert owner_page(base, creator) == f"{base}/connect/creator/live"
    strange = Owner(OwnerKind.ORGANIZATION, "a/b?c#d\r\n<", Mode.LIVE)
    address = f"{base}/connect/organizations/a%2Fb%3Fc%23d%0D%0A%3C/live"
    assert owner_page(base, strange) == address


@pytest.mark.parametrize(
    "text",
    [
        "ada@shop.example\r\nBcc: all@shop.example",
        "ada@shop.example\n",
        "ada@shop.example, bob@shop.example",
        "Ada <ada@shop.example>",
        "ada@shop.example>",
        "ada@shop.example\0",
        "adä@shop.example",
        "ada@shöp.example",
        "ada@",
        "@shop.example",
        "ada",
        "",
    ],
)
async def test_what_is_not_one_plain_address_is_never_written_to(
    room: MailRoom, scene: Scene, text: str
) -> None:
    with pytest.raises(ValueError, match="plain e-mail address"):
        read_address(text)
    failure = await Postbox(access(room)).send_reminder(text, "http://x", scene.clock())
    assert failure == MailFailure("address_refused", is_server=False)
    assert room.connections == 0


async def test_no_mail_without_a_server_or_an_address(
    scene: Scene, room: MailRoom, organization: Owner, caplog: pytest.LogCaptureFixture
) -> None:
    platform = mailing(scene, room)
    await waiting(scene, replace(platform, shapes=scene.platform.shapes), organization)
    assert await remind_due(platform) == 1
    assert f"mail.failed owner={organization} cause=no_address" in caplog.text
    caplog.clear()
    await waiting(scene, platform, org(2))
    assert await remind_due(replace(platform, postbox=None)) == 1
    assert "mail." not in caplog.text
    assert room.connections == 0


class TestTrouble:
    @pytest.mark.parametrize(
        ("mood", "tries", "cause"),
        [
            (["away"], 2, None),
            (["451", "450"], 3, None),
            (["away", "away", "away"], 3, "SMTPServerDisconnected"),
            (["451", "451", "451"], 3, "recipient_refused"),
            (["550"], 1, "recipient_refused"),
        ],
    )
    async def test_what_may_pass_is_tried_thrice_and_what_may_not_once(
        self,
        scene: Scene,
        room: MailRoom,
        organization: Owner,
        caplog: pytest.LogCaptureFixture,
        mood: list[str],
        tries: int,
        cause: str | None,
    ) -> None:
        platform = mailing(scene, room)
        await waiting(scene, platform, organization)
        room.mood = mood
        assert await remind_due(platform) == 1
        assert room.connections == tries
        assert len(room.mails) == (cause is None)
        word = "mail.sent" if cause is None else f"mail.failed owner={organization} cause={cause}"
        assert word in caplog.text
        assert "ada@" not in caplog.text
        # The announcement stands, and the next reminder is the next mail.
        assert await remind_due(platform) == 0
        scene.clock.advance(timedelta(days=7))
        assert await remind_due(platform) == 1
        assert len(room.mails) == (2 if cause is None else 1)

    async def test_a_server_that_is_away_is_not_asked_for_each_owner(
        self, scene: Scene, room: MailRoom
    ) -> None:
        platform = mailing(scene, room)
        await waiting(scene, platform, *map(org, range(4)))
        room.mood = ["away"] * 3
        assert await remind_due(platform) == 4
        assert (room.connections, len(room.mails)) == (3, 0)

    async def test_a_refused_owner_does_not_stop_the_others(
        self, scene: Scene, room: MailRoom
    ) -> None:
        platform = mailing(scene, room)
        await waiting(scene, platform, *map(org, range(3)))
        room.mood = ["550"]
        assert await remind_due(platform) == 3
        assert len(room.mails) == 2

    async def test_nobody_listens(self, scene: Scene, room: MailRoom) -> None:
        server = await asyncio.start_server(room.serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        box = Postbox(access(room, port=port), pauses=())
        failure = await box.send_reminder(ADA, "http://x", scene.clock())
        assert failure == MailFailure("ConnectionRefusedError", is_server=True)


class TestShut:
    async def test_a_server_without_starttls_is_not_spoken_to_openly(
        self, scene: Scene, room: MailRoom
    ) -> None:
        box = Postbox(access(room, tls=Tls.STARTTLS), pauses=(0, 0))
        failure = await box.send_reminder(ADA, "http://x", scene.clock())
        assert failure == MailFailure("SMTPNotSupportedError", is_server=True)
        assert (room.connections, room.recipients, room.mails) == (1, [], [])

    async def test_the_password_goes_over_a_connection_that_is_believed(
        self, scene: Scene, both_ends: tuple[ssl.SSLContext, ssl.SSLContext]
    ) -> None:
        here, there = both_ends
        async with open_mailroom(tls=there, password="words of the mailroom") as room:
            login = access(
                room,
                tls=Tls.STARTTLS,
                username="aboard",
                password=Secret("words of the mailroom"),
            )
            trusting = Postbox(login, pauses=(), trust=here)
            assert await trusting.send_reminder(ADA, "http://x", scene.clock()) is None
            wrong = Postbox(replace(login, password=Secret("other")), pauses=(0,), trust=here)
            failure = await wrong.send_reminder(ADA, "http://x", scene.clock())
            assert failure == MailFailure("SMTPAuthenticationError", is_server=True)
            doubting = Postbox(login, pauses=())
            failure = await doubting.send_reminder(ADA, "http://x", scene.clock())
            assert failure == MailFailure("SSLCertVerificationError", is_server=True)
            assert (room.connections, len(room.mails)) == (3, 1)

    async def test_tls_from_the_first_byte(
        self, scene: Scene, both_ends: tuple[ssl.SSLContext, ssl.SSLContext]
    ) -> None:
        here, there = both_ends
        room = MailRoom()
        server = await asyncio.start_server(room.serve, "127.0.0.1", 0, ssl=there)
        async with server:
            room.port = server.sockets[0].getsockname()[1]
            box = Postbox(access(room, tls=Tls.TLS), pauses=(), trust=here)
            assert await box.send_reminder(ADA, "http://x", scene.clock()) is None
        assert len(room.mails) == 1


@pytest.fixture
def both_ends(tmp_path: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return what trusts a certificate for loopback, and what shows it."""
    file = write_certificate(tmp_path)
    there = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    there.load_cert_chain(file)
    return ssl.create_default_context(cafile=file), there
