"""Callers, tokens and keys of the stories about lending."""

from base64 import b64encode
from dataclasses import replace

from aboard.core.caller import Caller
from aboard.core.lending.callers import Borrower, CallLimits
from aboard.core.lending.master_keys import MasterKeys
from aboard.core.lending.operations import BodyKind, Generation, Operation, Verb
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.flows.lending.borrowing import find_borrower
from aboard.flows.lending.caller_terms import CallerTerms
from aboard.flows.lending.callers import add_caller
from aboard.flows.lending.tokens import IssuedToken, add_token
from aboard.flows.lending_terms import Lending, LendingMemory
from aboard.flows.platform import Platform

OPERATOR = Caller("ops", is_operator=True)
RAW = {name: b64encode(name.encode() * 16).decode() for name in ("k1", "k2", "k3")}
MASTERS = MasterKeys.parse([f"k1:{RAW['k1']}"])
RESTRICTED = Secret("rk_test_aboardlendingwordsaboardlending")
NEXT = Secret("rk_test_otherwordsofanotherkeyotherwords")
LIVE = Secret("rk_live_aboardlendingwordsaboardlending")


def lending(platform: Platform, **changes: object) -> Platform:
    """Return a platform with other terms of lending, and a memory of its own."""
    memory = LendingMemory(seconds=0.0)
    terms = replace(platform.lending, **{"master_keys": MASTERS, "memory": memory, **changes})  # type: ignore[arg-type]  # any term
    assert isinstance(terms, Lending)
    return replace(platform, lending=terms)


def operation(
    resource: str = "accounts", verb: Verb = Verb.READ, name: str = "retrieve"
) -> Operation:
    """Return an operation of which only the grant matters."""
    return Operation(
        namespace=resource,
        name=name,
        resource=resource,
        verb=verb,
        generation=Generation.V1,
        method="GET" if verb is Verb.READ else "POST",
        path=f"/v1/{resource}",
        body=BodyKind.NONE,
        summary="",
        description="",
        parameters=(),
        permission="",
        answers="",
        accounts=(),
    )


async def issue(
    platform: Platform,
    terms: CallerTerms | None = None,
    *,
    name: str = "shop",
    mode: Mode = Mode.TEST,
) -> IssuedToken:
    """Add a caller with one token."""
    await add_caller(platform, OPERATOR, name, terms or CallerTerms())
    return await add_token(platform, OPERATOR, name, mode)


async def borrow(
    platform: Platform,
    terms: CallerTerms | None = None,
    *,
    name: str = "shop",
    mode: Mode = Mode.TEST,
) -> Borrower:
    """Add a caller and return what holds for its token."""
    issued = await issue(platform, terms, name=name, mode=mode)
    return await find_borrower(platform, issued.token)


def a_day(most: int) -> CallerTerms:
    """Return terms with so many calls a day."""
    return CallerTerms(limits=CallLimits(per_second=None, per_day=most))
