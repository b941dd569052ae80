"""Tokens that nobody should believe, each made in its own way, and the house that they knock at."""

import base64
import hmac
import json
import sqlite3
import string
import warnings
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx2
from joserfc import jwe, jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from joserfc.jws import JWSRegistry, serialize_compact

from tests.api.asking import ACCOUNTS, CONNECT, CREATORS
from tests.api.minting import segment
from tests.issuer import EC, RSA, LocalIssuer

STRANGER = ECKey.generate_key("P-256", {"kid": "ec"})
STRANGER_RSA = RSAKey.generate_key(2048, {"kid": "rsa"})


@dataclass
class House:
    """The whole service behind a client, the issuer that it believes, and its database."""

    client: httpx2.AsyncClient
    issuer: LocalIssuer
    now: datetime
    database: str

    def good(self, **changes: Any) -> str:  # noqa: ANN401 - any claim, or a key
        return self.issuer.mint(self.now, **{"organizations": {"org_1": "owner"}, **changes})

    def written(self) -> list[str]:
        """Return everything that is in the database."""
        with closing(sqlite3.connect(self.database)) as connection:
            return list(connection.iterdump())

    async def knock(self, token: str) -> list[httpx2.Response]:
        """Show a token at every door."""
        bearer = {b"authorization": f"Bearer {token}".encode("utf-8", "surrogatepass")}
        answers = [
            await self.client.request(method, path, headers=bearer)
            for method, path in (
                ("POST", f"{CREATORS}/upgrade"),
                ("GET", f"{CONNECT}/status"),
                ("GET", f"{ACCOUNTS}/org_1?mode=test"),
                ("POST", f"{ACCOUNTS}/onboarding-links"),
            )
        ]
        cookie = {b"cookie": f"aboard_session={token}".encode("utf-8", "surrogatepass")}
        pages = ("/connect/creator", "/connect/organizations/org_1/test")
        return answers + [await self.client.get(path, headers=cookie) for path in pages]


def raw(house: House, header: dict[str, Any] | bytes, claims: bytes | None = None) -> str:
    """Sign whatever is given as the issuer would, by its own key."""
    head = json.dumps(header).encode() if isinstance(header, dict) else header
    body = json.dumps(house.issuer.claims(house.now)).encode() if claims is None else claims
    spoken = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in (head, body))
    algorithm = JWSRegistry.algorithms["ES256"]
    signature = algorithm.sign(spoken, EC)
    return f"{spoken.decode()}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


HEAD: dict[str, Any] = {"alg": "ES256", "kid": "ec"}


def said(house: House, **changes: Any) -> bytes:  # noqa: ANN401 - any claim
    return json.dumps(house.issuer.claims(house.now, **changes)).encode()


def forged_by_public_key(house: House, secret: bytes, kid: str = "rsa") -> str:
    """Take the issuer's public key for a shared secret."""
    spoken = f"{segment({'alg': 'HS256', 'kid': kid})}.{segment(house.issuer.claims(house.now))}"
    mac = base64.urlsafe_b64encode(hmac.digest(secret, spoken.encode(), "sha256"))
    return f"{spoken}.{mac.rstrip(b'=').decode()}"


def by_stranger(house: House, **header: Any) -> str:  # noqa: ANN401 - any header parameter
    given = {"alg": "ES256", "kid": "ec", **header}
    kept = {name: value for name, value in given.items() if value is not None}
    payload = said(house)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        registry = JWSRegistry(algorithms=["ES256"], strict_check_header=False)
        return serialize_compact(kept, payload, STRANGER, registry=registry)


def encrypted(house: House) -> str:
    key = OctKey.generate_key(256)
    return jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM", "cty": "JWT"}, house.good(), key)


def second(house: House) -> int:
    return int(house.now.timestamp())


def without(token: str, part: int) -> str:
    parts = token.split(".")
    parts[part] = ""
    return ".".join(parts)


def replaced(token: str, part: int, text: str) -> str:
    parts = token.split(".")
    parts[part] = text
    return ".".join(parts)


def other_letters(house: House) -> str:
    """Change the bits of the last letter that no byte of the signature is made of."""
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    token = house.good()
    return token[:-1] + letters[letters.index(token[-1]) ^ 1]


Forge = Callable[[House], str]
PEM = RSA.as_pem(private=False)
DER = RSA.as_der(private=False)
PUBLIC = json.dumps(RSA.as_dict(private=False))
OWN_JWK = STRANGER.as_dict(private=False)

ALGORITHMS: dict[str, Forge] = {
    "none": lambda house: f"{segment({'alg': 'none'})}.{segment(house.issuer.claims(house.now))}.",
    "none with a signature": lambda house: replaced(house.good(), 0, segment({"alg": "none"})),
    "None": lambda house: replaced(house.good(), 0, segment({"alg": "None", "kid": "ec"})),
    "another algorithm of no key": lambda house: replaced(
        house.good(), 0, segment({"alg": "ES384", "kid": "ec"})
    ),
    "the algorithm of another key": lambda house: replaced(
        house.good(), 0, segment({"alg": "RS256", "kid": "ec"})
    ),
    "an algorithm for encryption": lambda house: raw(house, {**HEAD, "alg": "RSA-OAEP"}),
    "an algorithm that is a list": lambda house: raw(house, {**HEAD, "alg": ["ES256"]}),
    "no algorithm": lambda house: raw(house, {"kid": "ec"}),
    "a shared secret nobody has": lambda house: jwt.encode(
        {"alg": "HS256"}, house.issuer.claims(house.now), OctKey.import_key("words" * 9)
    ),
    "an empty secret": lambda house: forged_by_public_key(house, b""),
    "the public key as PEM": lambda house: forged_by_public_key(house, PEM),
    "the public key as PEM, stripped": lambda house: forged_by_public_key(house, PEM.strip()),
    "the public key as PEM with CRLF": lambda house: forged_by_public_key(
        house, PEM.replace(b"\n", b"\r\n")
    ),
    "the public key as DER": lambda house: forged_by_public_key(house, DER),
    "the public key as JWK": lambda house: forged_by_public_key(house, PUBLIC.encode()),
    "the modulus": lambda house: forged_by_public_key(
        house, str(RSA.as_dict(private=False)["n"]).encode()
    ),
    "the public curve key as PEM": lambda house: forged_by_public_key(
        house, EC.as_pem(private=False), "ec"
    ),
}

KEYS: dict[str, Forge] = {
    "a stranger's key": by_stranger,
    "a stranger's key without a name": lambda house: by_stranger(house, kid=None),
    "an unknown name": lambda house: by_stranger(house, kid="nobody"),
    "a name that is a path": lambda house: by_stranger(house, kid="../../dev/null"),
    "a name that is a query": lambda house: by_stranger(house, kid="' or 1=1 --"),
    "a name that is a number": lambda house: raw(house, {**HEAD, "kid": 7}),
    "a name that is null": lambda house: by_stranger(house, kid=None, jwk=OWN_JWK),
    "its own key inside": lambda house: by_stranger(house, jwk=OWN_JWK),
    "its own key's address": lambda house: by_stranger(house, jku="http://evil.example/keys"),
    "its own certificate's address": lambda house: by_stranger(house, x5u="http://evil.example/c"),
    "its own certificate": lambda house: by_stranger(house, x5c=["AAAA"]),
    "another key's signature": lambda house: jwt.encode(
        {"alg": "RS256", "kid": "rsa"}, house.issuer.claims(house.now), STRANGER_RSA
    ),
}

HEADERS: dict[str, Forge] = {
    "critical and unknown": lambda house: raw(house, {**HEAD, "crit": ["words"], "words": 1}),
    "critical and known": lambda house: raw(house, {**HEAD, "crit": ["exp"], "exp": 1}),
    "critical and empty": lambda house: raw(house, {**HEAD, "crit": []}),
    "an unencoded payload": lambda house: raw(house, {**HEAD, "b64": False, "crit": ["b64"]}),
    "an unencoded payload, unmarked": lambda house: raw(house, {**HEAD, "b64": False}),
    "for logging out": lambda house: raw(house, {**HEAD, "typ": "logout+jwt"}),
    "a security event": lambda house: raw(house, {**HEAD, "typ": "application/secevent+jwt"}),
    "a type that is no text": lambda house: raw(house, {**HEAD, "typ": ["JWT"]}),
    "the algorithm twice": lambda house: raw(house, b'{"alg":"none","alg":"ES256","kid":"ec"}'),
    "no object": lambda house: raw(house, b'["ES256"]'),
    "UTF-16": lambda house: raw(house, json.dumps(HEAD).encode("utf-16")),
    "a byte order mark": lambda house: raw(house, b"\xef\xbb\xbf" + json.dumps(HEAD).encode()),
    "nested deeply": lambda house: raw(house, b'{"alg":' + b"[" * 3000 + b"]" * 3000 + b"}"),
}

TIMES: dict[str, Forge] = {
    "over": lambda house: house.good(exp=second(house) - 31),
    "over in negative time": lambda house: house.good(exp=-1),
    "over at the beginning of time": lambda house: house.good(exp=0),
    "without end": lambda house: house.good(exp=None),
    "an end in words": lambda house: house.good(exp=str(second(house) + 300)),
    "an end that is true": lambda house: house.good(exp=True),
    "an end that is a list": lambda house: house.good(exp=[second(house) + 300]),
    "an end that is an object": lambda house: house.good(exp={}),
    "an end that is no number": lambda house: raw(house, HEAD, _numbered(house, b"NaN")),
    "an end without end": lambda house: raw(house, HEAD, _numbered(house, b"Infinity")),
    "an end beyond all floats": lambda house: raw(house, HEAD, _numbered(house, b"1e999")),
    "an end of 5,000 digits": lambda house: raw(house, HEAD, _numbered(house, b"9" * 5000)),
    "an end that is over, as a float": lambda house: house.good(exp=second(house) - 31.5),
    "not yet": lambda house: house.good(nbf=second(house) + 31),
    "not yet, in words": lambda house: house.good(nbf="now"),
    "not before the end of time": lambda house: house.good(nbf=2**70),
    "issued in the future": lambda house: house.good(iat=second(house) + 31),
    "issued in words": lambda house: house.good(iat="now"),
}


def _numbered(house: House, number: bytes) -> bytes:
    return said(house, exp=424242).replace(b"424242", number)


CLAIMS: dict[str, Forge] = {
    "another issuer": lambda house: house.good(iss="https://evil.example"),
    "the issuer with a slash": lambda house: house.good(iss=f"{house.issuer.address}/"),
    "the issuer in capitals": lambda house: house.good(iss=house.issuer.address.upper()),
    "the issuer in a list": lambda house: house.good(iss=[house.issuer.address]),
    "no issuer": lambda house: house.good(iss=None),
    "another audience": lambda house: house.good(aud="another"),
    "a list of other audiences": lambda house: house.good(aud=["one", "aboard2"]),
    "an empty list of audiences": lambda house: house.good(aud=[]),
    "an audience in an object": lambda house: house.good(aud={"aboard": True}),
    "an audience among no texts": lambda house: house.good(aud=["aboard", 7]),
    "a piece of the audience": lambda house: house.good(aud="abo"),
    "no audience": lambda house: house.good(aud=None),
    "no user": lambda house: house.good(sub=None),
    "an empty user": lambda house: house.good(sub=""),
    "a user that is a number": lambda house: house.good(sub=7),
    "a user that is a list": lambda house: house.good(sub=["ada"]),
    "a user of half a character": lambda house: raw(house, HEAD, said(house, sub="\ud800")),
    "a user with a line in it": lambda house: house.good(sub="ada\neve"),
    "a user that reads backwards": lambda house: house.good(sub="ada\u202e"),
    "an endless user": lambda house: house.good(sub="a" * 256),
    "a claim twice": lambda house: raw(house, HEAD, said(house)[:-1] + b',"sub":"eve"}'),
    "a claim twice inside": lambda house: raw(
        house, HEAD, said(house)[:-1] + b',"organizations":{"a":"owner","a":"admin"}}'
    ),
    "a claim twice, once escaped": lambda house: raw(
        house, HEAD, said(house)[:-1] + b',"s\\u0075b":"eve"}'
    ),
    "claims that are a list": lambda house: raw(house, HEAD, b"[" + said(house) + b"]"),
    "claims in UTF-16": lambda house: raw(house, HEAD, said(house).decode().encode("utf-16")),
    "claims in latin-1": lambda house: raw(house, HEAD, b'{"sub":"\xe4"}'),
    "claims and more": lambda house: raw(house, HEAD, said(house) + b"{}"),
    "nested deeply": lambda house: raw(house, HEAD, b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"),
    "organizations that are a number": lambda house: house.good(organizations=7),
    "a token in a token": lambda house: raw(house, {**HEAD, "cty": "JWT"}, house.good().encode()),
    "an encrypted token": encrypted,
}

TEXTS: dict[str, Forge] = {
    "nothing": lambda _: "",
    "a word": lambda _: "token",
    "dots": lambda _: "..",
    "no header": lambda house: without(house.good(), 0),
    "no claims": lambda house: without(house.good(), 1),
    "no signature": lambda house: without(house.good(), 2),
    "half a header": lambda house: house.good()[10:],
    "half a signature": lambda house: house.good()[:-20],
    "a signature of the same bytes in other letters": other_letters,
    "a signature and one character": lambda house: house.good() + "A",
    "two parts": lambda house: house.good().rpartition(".")[0],
    "four parts": lambda house: house.good() + ".AAAA",
    "padded": lambda house: house.good() + "==",
    "the standard alphabet": lambda house: replaced(house.good(), 2, "+/" * 43),
    "a space inside": lambda house: house.good().replace(".", ". ", 1),
    "a line inside": lambda house: house.good().replace(".", ".\n", 1),
    "a tab before": lambda house: f"\t{house.good()}",
    "a mark in the signature": lambda house: f"{house.good()[:-4]}!{house.good()[-4:]}",
    "quotes inside": lambda house: house.good().replace(".", '."', 1),
    "letters of another script": lambda house: house.good().replace("e", "\u0435", 1),
    "half a character": lambda house: house.good() + "\ud800",
    "a null": lambda house: house.good() + "\x00",
    "oversized": lambda house: house.good(more="x" * 9000),
    "oversized nonsense": lambda _: "a" * 100_000,
    "twice": lambda house: f"{house.good()},{house.good()}",
    "two schemes": lambda house: f"Bearer {house.good()}",
}
GROUPS = {
    "algorithms": ALGORITHMS,
    "keys": KEYS,
    "headers": HEADERS,
    "times": TIMES,
    "claims": CLAIMS,
    "texts": TEXTS,
}
