"""How do the clients ask? What they send, what they refuse to send, and what they keep shut."""

import asyncio
import json
import pickle
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from aboard import AsyncClient, Client
from aboard.client import BearerUrl, ConnectionFailed, Secret, Trouble
from aboard.client.described.words import CreatorStatus, Mode
from tests.certificates import write_certificate
from tests.client.conftest import TOKEN, Caller
from tests.client.hostile import STATUS, Heard, answer, envelope, hostile, raw
from tests.leaks import SecretsInPlay

LINK = "https://connect.stripe.com/setup/e/acct_1/words-that-open-something"
FINE = answer(envelope(STATUS))
SETUP = {
    "organizationId": "org_1",
    "mode": "test",
    "onboarded": False,
    "operational": False,
    "live": False,
    "blockers": [],
    "openedAt": None,
    "openedBy": None,
    "closedAt": None,
    "syncedAt": None,
    "source": "stored",
}


def status(client: Any) -> Any:  # noqa: ANN401 - either of the two clients
    return client.creators.status()


def heard_of(
    call: Caller,
    ask: Callable[[Any], Any],
    body: object,
    *,
    token: str | None = TOKEN,
    language: str | None = None,
) -> Heard:
    with hostile(answer(body)) as server:
        call(server.address, ask, token=token, language=language)
    (heard,) = server.heard
    return heard


def test_a_call_says_who_asks_and_for_what(call: Caller) -> None:
    heard = heard_of(call, status, envelope(STATUS), language="pt-PT, en;q=0.5")
    assert (heard.method, heard.target) == ("GET", "/api/v1/creators/stripe-connect/status")
    assert heard.headers["authorization"] == f"Bearer {TOKEN}"
    assert heard.headers["accept"] == "application/json"
    assert heard.headers["accept-encoding"] == "identity"
    assert heard.headers["accept-language"] == "pt-PT, en;q=0.5"
    assert heard.headers["user-agent"].startswith("aboard-python/")
    assert "content-type" not in heard.headers
    assert "idempotency-key" not in heard.headers


def test_without_a_token_none_is_sent(call: Caller) -> None:
    assert "authorization" not in heard_of(call, status, envelope(STATUS), token=None).headers


def test_what_needs_no_token_is_sent_none(call: Caller) -> None:
    body = {
        "ok": True,
        "status": "ok",
        "timestamp": "2026-11-21T09:00:00Z",
        "services": {},
        "details": {},
    }
    heard = heard_of(call, lambda client: client.health.read(), body)
    assert "authorization" not in heard.headers


def test_a_token_that_is_a_function_is_asked_for_each_request(call: Caller) -> None:
    given = iter(["first", "second"])
    with hostile(FINE) as server:
        call(server.address, status, status, token=lambda: Secret(next(given)))
    assert [heard.headers["authorization"] for heard in server.heard] == [
        "Bearer first",
        "Bearer second",
    ]


async def test_a_token_may_come_from_a_coroutine() -> None:
    async def fetch() -> str:
        await asyncio.sleep(0)
        return TOKEN

    with hostile(FINE) as server:
        async with AsyncClient(server.address, token=fetch) as client:
            await client.creators.status()
    assert server.heard[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    "bad", ["", "two words", "a\r\nX-Evil: b", "caf\xe9", "w" * 9000, "a\x00b"]
)
def test_a_token_that_no_head_can_carry_is_refused_unseen(call: Caller, bad: str) -> None:
    with hostile(FINE) as server, pytest.raises(ValueError, match="visible ASCII") as refused:
        call(server.address, status, token=bad)
    assert server.heard == []
    assert not bad or bad not in str(refused.value)


@pytest.mark.parametrize(
    ("organization_id", "segment"),
    [
        ("a/b", "a%2Fb"),
        ("../v1/health", "..%2Fv1%2Fhealth"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("%2e%2e", "%252e%252e"),
        ("a\r\nX-Evil: b", "a%0D%0AX-Evil%3A%20b"),
        ("caf\xe9", "caf%C3%A9"),
        ("a;b", "a%3Bb"),
        ("...", "..."),
    ],
)
def test_an_id_stays_one_segment_of_the_path(
    call: Caller, organization_id: str, segment: str
) -> None:
    heard = heard_of(
        call, lambda client: client.organizations.setup_state(organization_id, mode="test"), SETUP
    )
    assert heard.target == f"/v1/connect/accounts/{segment}/setup-state?mode=test"


@pytest.mark.parametrize("organization_id", ["", ".", ".."])
def test_an_id_that_would_be_another_path_is_refused(call: Caller, organization_id: str) -> None:
    with hostile(answer(SETUP)) as server, pytest.raises(ValueError, match="organization_id"):
        call(
            server.address,
            lambda client: client.organizations.setup_state(organization_id, mode="test"),
        )
    assert server.heard == []


def test_what_is_not_given_is_not_sent(call: Caller) -> None:
    body = {"onboardingUrl": LINK, "expiresAt": "2026-11-21T09:05:00Z"}
    asked = {
        "mode": Mode.TEST,
        "return_url": "https://a.example",
        "refresh_url": "https://b.example",
    }
    heard = heard_of(
        call, lambda client: client.organizations.onboarding_link("org_1", **asked), body
    )
    assert json.loads(heard.body) == {
        "organizationId": "org_1",
        "mode": "test",
        "returnUrl": "https://a.example",
        "refreshUrl": "https://b.example",
    }
    assert heard.headers["content-type"] == "application/json"


def test_a_flag_in_an_address_is_a_word(call: Caller) -> None:
    heard = heard_of(
        call,
        lambda client: client.organizations.setup_state("org_1", mode="live", fresh=True),
        SETUP,
    )
    assert heard.target.endswith("?mode=live&fresh=true")


def test_a_service_below_a_path_is_asked_there(call: Caller) -> None:
    with hostile(FINE) as server:
        call(f"{server.address}/aboard/", status, token=TOKEN)
    assert server.heard[0].target == "/aboard/api/v1/creators/stripe-connect/status"


def test_words_and_fields_of_tomorrow_are_taken(call: Caller) -> None:
    body = {**STATUS, "stripeAccountStatus": "SLEEPING", "favouriteColour": "teal"}
    with hostile(answer({**envelope(body), "more": 1})) as server:
        (told,) = call(server.address, status, token=TOKEN)
    word = told.stripe_account_status
    assert (word, word.is_known) == ("SLEEPING", False)
    assert word not in list(CreatorStatus)
    assert CreatorStatus("ACTIVE").is_known
    assert CreatorStatus("SLEEPING") == word


def test_a_link_is_shown_to_nobody_who_does_not_ask(
    call: Caller, secrets_in_play: SecretsInPlay, capsys: pytest.CaptureFixture[str]
) -> None:
    secrets_in_play.add(LINK)
    with hostile(answer(envelope({"accountId": "acct_1", "onboardingUrl": LINK}))) as server:
        (told,) = call(server.address, lambda client: client.creators.initiate(), token=TOKEN)
    print(told, f"{told!r}", told.onboarding_url)  # noqa: T201 - what a careless caller does
    assert LINK not in capsys.readouterr().out
    assert isinstance(told.onboarding_url, BearerUrl)
    assert told.onboarding_url.reveal() == LINK
    with pytest.raises(TypeError):
        pickle.dumps(told)
    with pytest.raises(TypeError):
        msgspec.json.encode(told)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_client_shows_where_it_asks_and_no_more(kind: type[Client] | type[AsyncClient]) -> None:
    client = kind("https://aboard.example", token=TOKEN)
    assert repr(client) == f"{kind.__name__}('https://aboard.example:443')"


ADDRESSES = {
    "no address": "aboard",
    "another scheme": "ftp://aboard.example",
    "no host": "https://",
    "credentials": "https://ada:words@aboard.example",
    "a query": "https://aboard.example?a=b",
    "an empty query": "https://aboard.example?",
    "a fragment": "https://aboard.example#a",
    "a way up": "https://aboard.example/a/../b",
    "a line": "https://aboard.example\r\n",
    "a port that is none": "https://aboard.example:port",
    "plain http elsewhere": "http://aboard.example",
    "plain http, looks local": "http://localhost.aboard.example",
    "a backslash": "https://aboard.example\\@evil.example",
}


@pytest.mark.parametrize("kind", [Client, AsyncClient])
@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_no_token_goes_to(
    kind: type[Client] | type[AsyncClient], name: str
) -> None:
    with pytest.raises(ValueError, match=r"base_url|[Pp]ort"):
        kind(ADDRESSES[name], token=TOKEN)


@pytest.mark.parametrize(
    "options",
    [{"timeout_seconds": 0}, {"timeout_seconds": 601}, {"retries": -1}, {"retries": 11}],
)
@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_numbers_that_make_no_sense(
    kind: type[Client] | type[AsyncClient], options: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="must be"):
        kind("https://aboard.example", **options)


@pytest.mark.parametrize("language", ["", "pt\r\nX: y", "caf\xe9", "w" * 300])
def test_a_language_that_no_head_can_carry(language: str) -> None:
    with pytest.raises(ValueError, match="language"):
        Client("https://aboard.example", language=language)


def test_plain_http_is_for_who_allows_it() -> None:
    client = Client("http://aboard.internal", allow_http=True)
    assert repr(client) == "Client('http://aboard.internal:80')"


def test_a_certificate_that_nobody_signed_is_refused(call: Caller, tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    with hostile(FINE, certificate=certificate) as server:
        with pytest.raises(ConnectionFailed) as failed:
            call(server.address, status, token=TOKEN)
        assert failed.value.trouble is Trouble.TLS_REFUSED
        assert server.heard == []
        assert server.connections == 1  # asking again would not make it more believable


def test_a_certificate_of_ones_own_is_believed(call: Caller, tmp_path: Path) -> None:
    certificate = write_certificate(tmp_path)
    context = ssl.create_default_context(cafile=str(certificate))
    slow = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", 2.0)
    with hostile(FINE, slow, certificate=certificate) as server:
        told, late = call(
            server.address,
            status,
            status,
            token=TOKEN,
            ssl_context=context,
            timeout_seconds=0.5,
            retries=0,
            is_forgiving=True,
        )
    assert told.charges_enabled
    assert late.trouble is Trouble.TIMED_OUT


def test_connections_are_used_again(call: Caller) -> None:
    with hostile(FINE) as server:
        call(server.address, *(status,) * 5, token=TOKEN)
    assert (len(server.heard), server.connections) == (5, 1)


def echo_id(connection: Any, heard: Heard) -> bool:  # noqa: ANN401 - a socket, plain or TLS
    """Answer with the id that was asked about, in several pieces."""
    found = heard.target.split("/")[4]
    body = json.dumps({**SETUP, "organizationId": found}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    return raw(head, 0.001, body[:20], 0.001, body[20:], keep=True)(connection, heard)


def test_threads_that_share_a_client_get_their_own_answers() -> None:
    wrong: list[str] = []

    def ask(client: Client, name: str) -> None:
        for number in range(15):
            wanted = f"{name}-{number}"
            told = client.organizations.setup_state(wanted, mode="test")
            if told.organization_id != wanted:
                wrong.append(wanted)

    with hostile(echo_id) as server, Client(server.address, token=TOKEN) as client:
        threads = [threading.Thread(target=ask, args=(client, f"t{each}")) for each in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []
    assert len(server.heard) == 24 * 15


async def test_tasks_that_share_a_client_get_their_own_answers() -> None:
    with hostile(echo_id) as server:
        async with AsyncClient(server.address, token=TOKEN) as client:
            wanted = [f"org_{number}" for number in range(100)]
            told = await asyncio.gather(
                *(client.organizations.setup_state(each, mode="test") for each in wanted)
            )
    assert [each.organization_id for each in told] == wanted


FORKED = """
import os, sys
from aboard import Client
with Client(sys.argv[1], token="words") as client:
    client.organizations.setup_state("parent", mode="test")
    if (child := os.fork()) == 0:
        told = client.organizations.setup_state("child", mode="test")
        os._exit(0 if told.organization_id == "child" else 1)
    told = client.organizations.setup_state("parent", mode="test")
    _, code = os.waitpid(child, 0)
    sys.exit(code or told.organization_id != "parent")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
def test_a_forked_process_has_connections_of_its_own() -> None:
    with hostile(echo_id) as server:
        done = subprocess.run(  # noqa: S603 - our own words
            [sys.executable, "-c", FORKED, server.address], check=False, timeout=30
        )
    assert done.returncode == 0
    assert server.connections == 2
