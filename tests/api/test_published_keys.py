"""Which of an issuer's published keys are believed, and for how long?"""

import asyncio
import base64
import hmac
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from joserfc.jwk import ECKey, Key, OctKey, OKPKey, RSAKey

from aboard.core.errors import IssuerUnavailable
from aboard.web.auth import Tokens
from aboard.web.claims import ClaimRules
from aboard.web.keys import (
    KEY_SET_LIFETIME_SECONDS,
    MAX_KEY_SET_BYTES,
    PublishedKeys,
    fetch_over_http,
)
from tests.api.minting import NOW, Watch, claims, refused, segment, signed


@pytest.fixture
def watch() -> Watch:
    return Watch()


class Issuer:
    """An issuer that publishes keys, counts who asks, and can be away."""

    def __init__(self, *keys: Key) -> None:
        self.published: list[dict[str, Any]] = [public(key) for key in keys]
        self.asked = 0
        self.is_away = False

    async def __call__(self) -> bytes:
        self.asked += 1
        if self.is_away:
            raise ConnectionResetError
        return json.dumps({"keys": self.published}).encode()


def public(key: Key, **changes: str) -> dict[str, Any]:
    return {**key.as_dict(private=False), **changes}


RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
EC_384 = ECKey.generate_key("P-384", {"kid": "ec_384"})
EC_521 = ECKey.generate_key("P-521", {"kid": "ec_521"})
ED_448 = OKPKey.generate_key("Ed448", {"kid": "ed_448"})
KOBLITZ = ECKey.generate_key("secp256k1", {"kid": "koblitz"})
NEW = ECKey.generate_key("P-256", {"kid": "new"})

Believe = Callable[[Issuer], Tokens]


@pytest.fixture
def believe(watch: Watch) -> Believe:
    def build(issuer: Issuer) -> Tokens:
        keys = PublishedKeys(issuer, monotonic=watch.monotonic)
        return Tokens(keys, ClaimRules(), clock=watch)

    return build


def by(key: Key, algorithm: str, **changes: Any) -> str:  # noqa: ANN401 - any claim
    kid = key.kid
    header = {"alg": algorithm} if kid is None else {"alg": algorithm, "kid": kid}
    return signed(claims(**changes), key=key, header=header)


class TestPublishedKeys:
    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [
            *((RSA, name) for name in ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")),
            (EC, "ES256"),
            (EC_384, "ES384"),
            (EC_521, "ES512"),
            (ED, "Ed25519"),
            (ED_448, "Ed448"),
        ],
        ids=lambda given: given if isinstance(given, str) else "",
    )
    async def test_every_kind_of_key(self, believe: Believe, key: Key, algorithm: str) -> None:
        tokens = believe(Issuer(RSA, EC, EC_384, EC_521, ED, ED_448))
        assert (await tokens.verify(by(key, algorithm))).user_id == "ada"

    @pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
    @pytest.mark.parametrize("key", [ED, ED_448], ids=["ed25519", "ed448"])
    async def test_the_older_name_of_edwards_curves(self, believe: Believe, key: Key) -> None:
        assert (await believe(Issuer(RSA, key)).verify(by(key, "EdDSA"))).user_id == "ada"

    @pytest.mark.filterwarnings("ignore:Key size should be")
    async def test_weak_and_unsuited_keys_are_ignored(self, believe: Believe) -> None:
        weak = RSAKey.generate_key(1024, {"kid": "weak"})
        changes: list[tuple[Key, str, dict[str, Any]]] = [
            (weak, "RS256", {}),
            (KOBLITZ, "ES256K", {}),
            (EC, "ES256", {"key_ops": ["sign"]}),
            (EC, "ES256", {"key_ops": "verify"}),
            (EC, "ES256", {"use": "enc"}),
        ]
        for key, algorithm, change in changes:
            issuer = Issuer(NEW)
            issuer.published.append({**public(key), **change})
            assert await refused(believe(issuer), by(key, algorithm)) == "signature"

    async def test_a_public_key_is_no_shared_secret(self, believe: Believe) -> None:
        body = f"{segment({'alg': 'HS256', 'kid': 'rsa'})}.{segment(claims())}"
        for text in (RSA.as_pem(private=False), json.dumps(public(RSA)).encode()):
            mac = base64.urlsafe_b64encode(hmac.digest(text, body.encode(), "sha256"))
            forged = f"{body}.{mac.rstrip(b'=').decode()}"
            assert await refused(believe(Issuer(RSA)), forged) == "signature"

    async def test_a_published_secret_is_ignored(self, believe: Believe) -> None:
        issuer = Issuer(RSA)
        issuer.published.append({"kty": "oct", "kid": "trap", "k": "AAAA" * 16})
        trap = OctKey.import_key(issuer.published[-1])
        forged = signed(claims(), key=trap, header={"alg": "HS256", "kid": "trap"})
        assert await refused(believe(issuer), forged) == "signature"

    async def test_another_algorithm_than_the_one_that_a_key_is_for(self, believe: Believe) -> None:
        issuer = Issuer(EC)
        issuer.published.append(public(RSA, alg="RS256"))
        tokens = believe(issuer)
        assert (await tokens.verify(by(RSA, "RS256"))).user_id == "ada"
        assert await refused(tokens, by(RSA, "PS256")) == "signature"

    async def test_a_key_for_another_algorithm_or_use(self, believe: Believe) -> None:
        for change in ({"alg": "RS512"}, {"use": "enc"}):
            issuer = Issuer(EC)
            issuer.published.append(public(RSA, **change))
            assert await refused(believe(issuer), by(RSA, "RS256")) == "signature"

    async def test_an_odd_key_does_not_spoil_the_others(self, believe: Believe) -> None:
        issuer = Issuer(EC)
        issuer.published[:0] = [{"kty": "RSA", "n": 7}, {"kty": "ML-DSA"}, {"kty": "EC", "crv": []}]
        assert (await believe(issuer).verify(by(EC, "ES256"))).user_id == "ada"

    async def test_a_token_without_key_id_needs_a_single_choice(self, believe: Believe) -> None:
        token = signed(claims(), key=EC, header={"alg": "ES256"})
        assert (await believe(Issuer(EC, RSA)).verify(token)).user_id == "ada"
        assert await refused(believe(Issuer(EC, NEW)), token) == "signature"

    async def test_a_key_for_encryption_is_no_choice(self, believe: Believe) -> None:
        issuer = Issuer(EC)
        issuer.published.append(public(NEW, use="enc"))
        token = signed(claims(), key=EC, header={"alg": "ES256"})
        assert (await believe(issuer).verify(token)).user_id == "ada"

    async def test_the_issuer_is_asked_once(self, believe: Believe) -> None:
        issuer = Issuer(RSA, EC)
        tokens = believe(issuer)
        for key, algorithm in ((RSA, "RS256"), (EC, "ES256"), (RSA, "RS256")):
            await tokens.verify(by(key, algorithm, sub=algorithm))
        assert issuer.asked == 1

    async def test_an_unknown_key_is_asked_for_but_not_too_often(
        self, believe: Believe, watch: Watch
    ) -> None:
        issuer = Issuer(EC)
        tokens = believe(issuer)
        await tokens.verify(by(EC, "ES256"))
        for _ in range(5):
            await refused(tokens, by(NEW, "ES256"))
        assert issuer.asked == 1
        issuer.published = [public(NEW)]
        watch.now += timedelta(seconds=31)
        assert (await tokens.verify(by(NEW, "ES256"))).user_id == "ada"
        assert issuer.asked == 2

    async def test_a_key_taken_away_is_forgotten_with_its_tokens(
        self, believe: Believe, watch: Watch
    ) -> None:
        issuer = Issuer(EC, NEW)
        tokens = believe(issuer)
        long = by(EC, "ES256", exp=int(NOW.timestamp()) + 90_000)
        await tokens.verify(long)
        issuer.published = [public(NEW)]
        watch.now += timedelta(seconds=KEY_SET_LIFETIME_SECONDS + 1)
        later = int(watch.now.timestamp()) + 60
        await tokens.verify(by(NEW, "ES256", exp=later))
        assert await refused(tokens, long) == "signature"

    async def test_old_keys_stay_while_the_issuer_is_away(
        self, believe: Believe, watch: Watch
    ) -> None:
        issuer = Issuer(EC)
        tokens = believe(issuer)
        await tokens.verify(by(EC, "ES256"))
        issuer.is_away = True
        watch.now += timedelta(seconds=KEY_SET_LIFETIME_SECONDS + 1)
        later = int(watch.now.timestamp()) + 60
        assert (await tokens.verify(by(EC, "ES256", exp=later))).user_id == "ada"
        assert issuer.asked == 2

    @pytest.mark.parametrize(
        "document", [b"", b"<html>", b"[]", b"{}", b'{"keys":7}', b'{"keys":[]}', b'{"keys":[7]}']
    )
    async def test_garbage_is_no_key_set(
        self, watch: Watch, document: bytes, caplog: pytest.LogCaptureFixture
    ) -> None:
        async def fetch() -> bytes:
            return document

        keys = PublishedKeys(fetch, monotonic=watch.monotonic)
        tokens = Tokens(keys, ClaimRules(), clock=watch)
        with pytest.raises(IssuerUnavailable) as caught:
            await tokens.verify(by(EC, "ES256"))
        assert caught.value.retry_after_seconds == 30
        assert "keys.fetch_failed" in caplog.text


@asynccontextmanager
async def serving(answer: bytes) -> AsyncIterator[str]:
    """Serve this one answer on a free port of this machine."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/jwks"


def whole(body: bytes, status: str = "200 OK", extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{extra}connection: close\r\n\r\n"
    return head.encode() + body


class TestFetching:
    async def test_the_whole_document_comes(self) -> None:
        body = json.dumps({"keys": [public(EC)] * 2000}).encode()
        async with serving(whole(body)) as address:
            assert await fetch_over_http(address)() == body

    @pytest.mark.parametrize(
        "answer",
        [
            whole(b"{}", "500 Internal Server Error"),
            whole(b"{}", "404 Not Found"),
            whole(b" " * (MAX_KEY_SET_BYTES + 1)),
            b"",
            b"nonsense",
        ],
        ids=["500", "404", "too large", "nothing", "nonsense"],
    )
    async def test_anything_else_is_a_failure(self, answer: bytes) -> None:
        async with serving(answer) as address:
            with pytest.raises((aiohttp.ClientError, ValueError)):
                await fetch_over_http(address)()

    async def test_a_redirect_is_not_followed(self, watch: Watch) -> None:
        body = json.dumps({"keys": [public(EC)]}).encode()
        async with serving(whole(body)) as there:
            moved = whole(b"", "302 Found", f"location: {there}\r\n")
            async with serving(moved) as address:
                keys = PublishedKeys(fetch_over_http(address), monotonic=watch.monotonic)
                tokens = Tokens(keys, ClaimRules(), clock=watch)
                with pytest.raises(IssuerUnavailable):
                    await tokens.verify(by(EC, "ES256"))
