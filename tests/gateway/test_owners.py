"""Does a caller who acts for named owners reach anybody else's account, in whatever spelling?"""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from aboard.core.lending.refusals import RefusalCode as Code
from tests.gateway.gate import Gate

FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
MINE, OTHERS = "acct_mine1", "acct_others"


@dataclass(frozen=True)
class Wish:
    """One call of a caller who owns `acct_mine1` alone."""

    line: str
    body: str = ""
    headers: tuple[str, ...] = ()
    code: Code | None = None


LINKS = "POST /v1/account_links"
V2_LINKS = "POST /v2/core/account_links"
WISHES: Mapping[str, Wish] = {
    "their own by path": Wish(f"GET /v1/accounts/{MINE}"),
    "their own by header": Wish("GET /v1/balance", headers=(f"Stripe-Account: {MINE}",)),
    "their own by form": Wish(LINKS, f"account={MINE}&type=account_onboarding"),
    "their own by form, escaped": Wish(LINKS, f"%61ccount={MINE}"),
    "their own by JSON": Wish(V2_LINKS, f'{{"account":"{MINE}"}}'),
    "their own by context": Wish("GET /v1/balance", headers=(f"Stripe-Context: {MINE}",)),
    "another by path": Wish(f"GET /v1/accounts/{OTHERS}", code=Code.OWNER_NOT_ALLOWED),
    "another by header": Wish(
        "GET /v1/balance", headers=(f"Stripe-Account: {OTHERS}",), code=Code.OWNER_NOT_ALLOWED
    ),
    "another by header, their own by path": Wish(
        f"GET /v1/accounts/{MINE}",
        headers=(f"Stripe-Account: {OTHERS}",),
        code=Code.OWNER_NOT_ALLOWED,
    ),
    "another by context": Wish(
        "GET /v1/balance",
        headers=(f"Stripe-Account: {MINE}", f"Stripe-Context: {OTHERS}"),
        code=Code.OWNER_NOT_ALLOWED,
    ),
    "a context of two": Wish(
        "GET /v1/balance",
        headers=(f"Stripe-Context: {MINE}/{OTHERS}",),
        code=Code.OWNER_NOT_ALLOWED,
    ),
    "another by form": Wish(LINKS, f"account={OTHERS}", code=Code.OWNER_NOT_ALLOWED),
    "another by JSON": Wish(V2_LINKS, f'{{"account":"{OTHERS}"}}', code=Code.OWNER_NOT_ALLOWED),
    "two in a form": Wish(LINKS, f"account={MINE}&account={OTHERS}", code=Code.ACCOUNT_AMBIGUOUS),
    "the same twice in a form": Wish(
        LINKS, f"account={MINE}&account={MINE}", code=Code.ACCOUNT_AMBIGUOUS
    ),
    "query and form": Wish(
        f"{LINKS}?account={OTHERS}", f"account={MINE}", code=Code.ACCOUNT_AMBIGUOUS
    ),
    "a list in a form": Wish(LINKS, f"account[]={OTHERS}", code=Code.ACCOUNT_AMBIGUOUS),
    "an object in a form": Wish(LINKS, f"account[id]={OTHERS}", code=Code.ACCOUNT_AMBIGUOUS),
    "brackets around a name": Wish(
        LINKS, f"account={MINE}&[account]={OTHERS}", code=Code.ACCOUNT_AMBIGUOUS
    ),
    "a blank before a name": Wish(
        LINKS, f"account={MINE}&+account={OTHERS}", code=Code.ACCOUNT_AMBIGUOUS
    ),
    "an escaped bracket": Wish(LINKS, f"account%5B%5D={OTHERS}", code=Code.ACCOUNT_AMBIGUOUS),
    "a semicolon": Wish(LINKS, f"type=x;account={OTHERS}", code=Code.BODY_MALFORMED),
    "a broken escape": Wish(LINKS, f"account={MINE}&x=%z", code=Code.BODY_MALFORMED),
    "an account in no UTF-8": Wish(LINKS, "account=%ff", code=Code.BODY_MALFORMED),
    "an empty account": Wish(LINKS, "account=", code=Code.OWNER_NOT_ALLOWED),
    "no account at all": Wish(LINKS, "type=account_onboarding", code=Code.OWNER_NOT_ALLOWED),
    "no body at all": Wish(LINKS, code=Code.OWNER_NOT_ALLOWED),
    "a list of everybody": Wish("GET /v1/accounts", code=Code.OWNER_NOT_ALLOWED),
    "a new account": Wish("POST /v1/accounts", "type=express", code=Code.OWNER_NOT_ALLOWED),
    "two keys of JSON": Wish(
        V2_LINKS, f'{{"account":"{MINE}","account":"{OTHERS}"}}', code=Code.ACCOUNT_AMBIGUOUS
    ),
    "an escaped key of JSON": Wish(
        V2_LINKS, f'{{"account":"{MINE}","\\u0061ccount":"{OTHERS}"}}', code=Code.ACCOUNT_AMBIGUOUS
    ),
    "a list of JSON": Wish(V2_LINKS, f'{{"account":["{MINE}"]}}', code=Code.ACCOUNT_AMBIGUOUS),
    "no object of JSON": Wish(V2_LINKS, f'["{MINE}"]', code=Code.BODY_MALFORMED),
    "no JSON": Wish(V2_LINKS, "{", code=Code.BODY_MALFORMED),
    "JSON without end": Wish(V2_LINKS, "[" * 100_000, code=Code.BODY_MALFORMED),
    "a constant of no JSON": Wish(
        V2_LINKS, f'{{"account":"{MINE}","x":NaN}}', code=Code.BODY_MALFORMED
    ),
}


@pytest.mark.parametrize("name", WISHES)
async def test_a_caller_reaches_their_owners_accounts_alone(gate: Gate, name: str) -> None:
    await gate.connect("ada", MINE)
    await gate.connect("bob", OTHERS)
    token = await gate.caller(owners=("creator:ada",))
    wish = WISHES[name]
    kind = JSON if "/v2/" in wish.line else FORM
    headers = (*wish.headers, kind) if wish.body else wish.headers
    answered = await gate.ask(wish.line, token, *headers, body=wish.body.encode())
    row = await gate.row()
    if wish.code is None:
        assert answered.status == 200
        assert row.outcome == "answered"
        return
    assert (answered.code, row.outcome) == (wish.code, wish.code)
    assert gate.recorder.heard == []


async def test_what_is_read_for_its_accounts_passes_as_it_came(gate: Gate) -> None:
    await gate.connect("ada", MINE)
    token = await gate.caller(owners=("creator:ada",))
    body = f"type=x&account={MINE}&a=%E2%82%AC+&b".encode()
    assert (await gate.ask(LINKS, token, FORM, body=body)).status == 200
    (heard,) = gate.recorder.heard
    assert heard.body == body


async def test_what_was_disconnected_is_nobodys(gate: Gate) -> None:
    account = await gate.connect("ada", MINE)
    token = await gate.caller(owners=("creator:ada",))
    await gate.platform.store.mark_disconnected(account, "gone", gate.platform.clock())
    answered = await gate.ask(f"GET /v1/accounts/{MINE}", token)
    assert answered.code == Code.OWNER_NOT_ALLOWED
