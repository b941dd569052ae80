"""Requests as nobody would send them, and some as everybody would: seeded, and without an end.

A storm learns the ids that it sees in answers and sends them where they belong, where they do not
belong, and half-broken; it says things well, badly, twice and in pieces. The same seed and the
same answers give the same storm.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote_plus

from aboard.sandbox.call import Route
from aboard.sandbox.routes import all_routes
from aboard.sandbox.wire import params as kinds
from tests.sandbox.conftest import Answer, Wire
from tests.sandbox.operations.deeds import DEEDS

_ID = re.compile(r"([a-z]{2,8})_[A-Za-z0-9]{8,32}")
_ODD = (
    "", " ", "\x00", "..", "%00", "%2e%2e", "/", "null", "[]", "{}", "ü" * 40, "x" * 6000, "0",
    "-1", "acct_", "acct_1", "person_x", "' OR 1=1", "😀", "true", "1e9", "9" * 40, "*",
)  # fmt: skip
_WORDS = (
    "US", "DE", "GB", "JP", "FR", "usd", "eur", "jpy", "a@b.co", "https://accessible.stripe.com",
    "1901", "address_full_match", "address_no_match", "000000000", "111111111", "222222222",
    "0000", "110000000", "000123456789", "000111111116", "DE89370400440532013000", "tok_visa",
    "tok_bypassPending", "btok_us", "4242424242424242", "4000056655665556", "5734", "transfers",
    "file_identity_document_success", "mismatch_owner", "tok_visa_triggerNextRequirements",
    "tok_visa_triggerChargeBlock", "Jenny", "require_url",
)  # fmt: skip
MOST_KNOWN = 60
_PARENTS = {
    "ba": "account",
    "card": "account",
    "fr": "fee",
    "person": "account",
    "trr": "transfer",
}
_SEGMENTS = {
    "accounts": "acct",
    "application_fees": "fee",
    "balance_transactions": "txn",
    "bank_accounts": "ba",
    "capabilities": "transfers",
    "charges": "ch",
    "country_specs": "US",
    "events": "evt",
    "external_accounts": "ba",
    "fee_refunds": "fr",
    "files": "file",
    "history": "txn",
    "payouts": "po",
    "people": "person",
    "persons": "person",
    "refunds": "re",
    "reversals": "trr",
    "tokens": "btok",
    "topups": "tu",
    "transfers": "tr",
    "webhook_endpoints": "we",
}
"""What the id after a part of a path begins with, or one word that stands there."""
_SLOT = re.compile(r"\{(\w+)\}")
_HINTS = {
    "account": "acct_",
    "amount": "5",
    "charge": "ch_",
    "country": "US",
    "currency": "usd",
    "destination": "acct_",
    "limit": "5",
    "source": "tok_bypassPending",
    "transfer_data[destination]": "acct_",
    "url": "http://localhost:3000/hook",
}
"""What an operation most likely means by a parameter; with `_`: an id of that kind."""
_VERBS = (
    *("complete",) * 6,
    *("verify",) * 6,
    *("review", "reject", "require", "lose", "deauthorize", "pause", "reject_document"),
)
_VERSIONS = ("2026-10-28.endive", "2025-12-15.clover", "2019-02-19", "soon", "2026-99-99")
_WORLDS = ("sk_test_storm_one", "sk_test_storm_two", "sk_live_storm_fake")


class Storm:
    """An endless, seeded sequence of requests to one sandbox."""

    def __init__(self, seed: int) -> None:
        """Begin knowing no ids."""
        self.dice = random.Random(seed)  # noqa: S311 - repeatable on purpose
        self.key = _WORLDS[0]
        self.ids: dict[str, dict[str, list[str]]] = {}
        """By world and prefix."""
        self.parents: dict[str, str] = {}
        """Of a person their account, of a reversal its transfer."""
        self.actors: dict[str, str] = {}
        """The connected account that made a thing as itself."""
        self.acting: str | None = None
        """The account that the request at hand acts as."""
        self.is_calm = False
        """Whether the request at hand is meant to be good: its ids are, and nothing is damaged."""

    def _one_in(self, times: int) -> bool:
        return self.dice.randrange(times) == 0

    def _is_hurt(self, times: int) -> bool:
        return not self.is_calm and self._one_in(times)

    def learn(self, key: str, answer: Answer, acting: str | None) -> None:
        """Remember ids out of an answer, with what they belong to."""
        for match in _ID.finditer(answer.body.decode("utf-8", "replace")):
            known = self.ids.setdefault(key, {}).setdefault(match[1], [])
            if len(known) < MOST_KNOWN:
                known.append(match[0])
            else:
                known[self.dice.randrange(MOST_KNOWN)] = match[0]
        if answer.status < 400 and is_json(answer) and answer.body:
            self._learn_places(json.loads(answer.body), acting)

    def _learn_places(self, found: Any, acting: str | None) -> None:  # noqa: ANN401 - any JSON
        if isinstance(found, list):
            for each in found:
                self._learn_places(each, acting)
        elif isinstance(found, dict):
            key = found.get("id")
            if isinstance(key, str):
                parent = _PARENTS.get(key.partition("_")[0])
                if parent is not None and isinstance(found.get(parent), str):
                    self.parents[key] = found[parent]
                if acting is not None:
                    self.actors[key] = acting
            for each in found.values():
                self._learn_places(each, acting)

    def _id(self, prefix: str | None = None) -> str:
        here = self.ids.get(self.key, {})
        if not here or self._is_hurt(15):
            here = self.ids.get(self.dice.choice(_WORLDS), {})
        known = here.get(prefix or self.dice.choice(sorted(here) or [""]))
        return self.dice.choice(known) if known else "acct_1234567890123456"

    def _part(self, template: str) -> str:
        if self._is_hurt(12):
            return self.dice.choice(_ODD)[:200]
        if self._is_hurt(12):
            return self._id()
        known = _SEGMENTS.get(template)
        return known if known in {"US", "transfers"} else self._id(known)

    def path(self, route: Route) -> str:
        """Return a route's path with ids in it, most of them real and of one another."""
        parts = route.template.split("/")
        slots = [place for place, part in enumerate(parts) if part.startswith("{")]
        for place in reversed(slots):
            of_fees = "application_fees" in parts and parts[place - 1] == "refunds"
            parts[place] = self._part("fee_refunds" if of_fees else parts[place - 1])
        if len(slots) > 1 and not self._is_hurt(6):
            first, last = slots[0], slots[-1]
            parts[first] = self.parents.get(parts[last], parts[first])
        return "/".join(parts)

    def text(self) -> str:
        """Return something to say: a word that means something, an id, or nonsense."""
        roll = self.dice.randrange(10)
        if roll < 6:
            return self.dice.choice(_WORDS)
        if roll < 8:
            return self._id()
        return self.dice.choice(_ODD)

    def form(self, fields: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
        """Yield names and values for some of the parameters that an operation has."""
        for name, kind in fields.items():
            is_wanted = getattr(kind, "is_required", False) or self._one_in(4 if prefix else 6)
            if is_wanted and not self._is_hurt(15):
                yield from self._say(kind, f"{prefix}[{name}]" if prefix else name)
        if self._is_hurt(20):
            yield (f"{prefix}[surprise]" if prefix else "surprise"), self.text()

    def _say(self, kind: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - one of many
        if self._is_hurt(25):
            yield path + self.dice.choice(("", "[]", "[0]", "[x][y]", "[[", "]")), self.text()
        elif isinstance(kind, kinds.Hash):
            yield from self.form(kind.kinds, path)
        elif isinstance(kind, kinds.Items):
            for place in range(self.dice.randrange(3)):
                yield from self._say(kind.kind, f"{path}[{place}]")
        elif isinstance(kind, kinds.Either):
            yield from self._say(self.dice.choice((kind.text, kind.whole)), path)
        elif isinstance(kind, kinds.Metadata):
            yield f"{path}[key]", self.text()
        else:
            yield path, self._word(kind, path)

    def _word(self, kind: Any, path: str) -> str:  # noqa: ANN401 - one of many
        if self._is_hurt(12):
            return self.text()
        if path in _HINTS:
            hint = _HINTS[path]
            return self._id(hint[:-1]) if hint.endswith("_") else hint
        if isinstance(kind, kinds.Integer):
            near = [1, 12, max(kind.low, 0), min(kind.high, 2_000)]
            near += [] if self.is_calm else [kind.low, kind.high, kind.low - 1, kind.high + 1, 1901]
            return str(self.dice.choice(near))
        words = self._words(kind)
        return self.dice.choice(words) if words else self.text()

    @staticmethod
    def _words(kind: Any) -> tuple[str, ...]:  # noqa: ANN401 - one of many
        if isinstance(kind, kinds.Choice):
            return kind.values
        if isinstance(kind, kinds.Flag):
            return ("true", "true", "false")
        if isinstance(kind, kinds.Url):
            return ("https://platform.example/done",)
        return ("a@b.co",) if isinstance(kind, kinds.Email) else ()

    def body(self, route: Route) -> bytes:
        """Return an operation's parameters as they travel, now and then damaged on the way."""
        pairs = list(self.form(route.params.kinds))
        if self._one_in(8) and route.answers:
            pairs.append(("expand[]", self.dice.choice(("data.account", "account", "a.b.c.d.e"))))
        sent = "&".join(
            f"{quote_plus(name, safe='[]')}={quote_plus(value, errors='replace')}"
            for name, value in pairs
        ).encode()
        if sent and self._is_hurt(30):
            place = self.dice.randrange(len(sent))
            sent = sent[:place] + self.dice.randbytes(3) + sent[place + 1 :]
        return sent

    def headers(self, method: str) -> dict[str, str]:
        """Return headers: an acting account, a key for repeating, a version; sometimes odd ones."""
        found: dict[str, str] = {}
        if self._one_in(5):
            found["stripe_account"] = self._id("acct")
        if method == "POST" and self._one_in(6):
            found["idempotency_key"] = f"key-{self.dice.randrange(40)}"
        if self._is_hurt(12):
            found["stripe_version"] = self.dice.choice(_VERSIONS)
        if self._is_hurt(40):
            found["content_type"] = self.dice.choice(
                ("application/json", "text/plain", ";", "multipart/x")
            )
        if self._is_hurt(60):
            found["authorization"] = self.dice.choice(
                ("Bearer", "Basic !!", "Bearer pk_test_x", "x")
            )
        return found

    async def blow(self, wire: Wire) -> Answer:
        """Send one request, learn from the answer, and return it."""
        wire.key = self.key = self.dice.choices(_WORLDS, (8, 2, 2))[0]
        self.is_calm, self.acting = not self._one_in(3), None
        roll = self.dice.randrange(100)
        ways: tuple[tuple[int, Callable[[Wire], Any]], ...] = (
            (4, self._control),
            (7, self._page),
            (9, self._nowhere),
            (40, self._deed),
            (100, self._operation),
        )
        answer: Answer = await next(way for limit, way in ways if roll < limit)(wire)
        self.learn(self.key, answer, self.acting)
        return answer

    async def _operation(self, wire: Wire) -> Answer:
        route = self.dice.choice(all_routes())
        path, sent, headers = self.path(route), self.body(route), self.headers(route.method)
        actors = [self.actors[part] for part in path.split("/") if part in self.actors]
        if actors and self.is_calm:
            headers["stripe_account"] = actors[0]
        self.acting = headers.get("stripe_account")
        if route.takes_file:
            return await self._upload(wire, path, headers)
        if route.method != "POST" and sent:
            return await wire.send(route.method, f"{path}?{sent.decode('latin-1')}", **headers)
        return await wire.send(route.method, path, sent, **headers)

    async def _deed(self, wire: Wire) -> Answer:
        deed = self.dice.choice(DEEDS)
        form = {name: self._filled(text, wire.key or "") for name, text in deed.form.items()}
        path = self._filled(deed.path, "")
        headers: dict[str, str] = {}
        if deed.acts_as:
            acting = self.actors.get(path.split("/")[-2]) or self._id(deed.acts_as)
            headers["stripe_account"] = self.acting = acting
        return await wire.send("POST", path, form, **headers)

    def _filled(self, text: str, key: str) -> str:
        return _SLOT.sub(lambda slot: key if slot[1] == "key" else self._id(slot[1]), text)

    async def _upload(self, wire: Wire, path: str, headers: dict[str, str]) -> Answer:
        purpose = self.dice.choice(("identity_document", "business_logo", "x"))
        data = self.dice.choice(
            (b"", b"%PDF-1.4 x", b"\x89PNG\r\n\x1a\n", self.dice.randbytes(300))
        )
        end = b"\r\n--b--\r\n" if not self._one_in(5) else b"\r\n--b"
        sent = (
            b'--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n%s\r\n--b\r\n'
            b'Content-Disposition: form-data; name="file"; filename="x.png"\r\n\r\n%s'
        ) % (purpose.encode(), data)
        kind = "multipart/form-data; boundary=b" if not self._one_in(8) else "multipart/form-data"
        return await wire.send("POST", path, sent + end, **{**headers, "content_type": kind})

    async def _control(self, wire: Wire) -> Answer:
        if self._one_in(4):
            form = {"advance": str(self.dice.choice((1, 301, 3600, 90_000, -5, 10**15)))}
            return await wire.send("POST", "/_sandbox/clock", form)
        verb = self.dice.choice(_VERBS)
        form = {"requirement": self.text()[:50], "capability": self.text()[:50]}
        return await wire.send("POST", f"/_sandbox/accounts/{self._id('acct')}/{verb}", form)

    async def _page(self, wire: Wire) -> Answer:
        places = (
            "/setup/e/",
            "/express/",
            "/hosted/",
            "/oauth/authorize",
            "/setup/c/",
            "/_sandbox/",
        )
        path = self.dice.choice(places) + self._part("{account}") + "/" + self._part("{code}")
        return await wire.send(
            self.dice.choice(("GET", "POST", "HEAD")), path, self.text().encode("utf-8", "replace")
        )

    async def _nowhere(self, wire: Wire) -> Answer:
        path = "/v1/" + "/".join(self._part("{x}") for _ in range(self.dice.randrange(4)))
        method = self.dice.choice(("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"))
        return await wire.send(
            method, path, self.text().encode("utf-8", "replace"), **self.headers(method)
        )


def is_json(answer: Answer) -> bool:
    """Say whether an answer is JSON by its own word."""
    return answer.headers.get("content-type", "").startswith("application/json")


def complaint(answer: Answer) -> str | None:
    """Say what is wrong with an answer, whatever was asked: nothing, if it is one of Stripe's."""
    if answer.status >= 500:
        return f"{answer.status}: {answer.body[:300]!r}"
    if not is_json(answer) or not answer.body:  # a HEAD has no body
        return None
    found = json.loads(answer.body)
    error = found.get("error")
    if answer.status < 400:
        return None if error is None else "an error with a good status"
    if isinstance(error, str):
        return None if found.get("error_description") else "an OAuth error without words"
    if not isinstance(error, dict) or not error.get("message") or not error.get("type"):
        return f"no error envelope: {answer.body[:300]!r}"
    return None
