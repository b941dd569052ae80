"""Does every face tell the same truth, in every state, for every type of account?

Each row of the state table is reached on Stripe's pages or by what Stripe itself decides, for
Standard, Express and Custom accounts side by side under one platform. Then the connection, the
checklist, the setup state and the owner's pages are held against the account as it is at Stripe.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from aboard.core.caller import Role
from aboard.core.languages import LANGUAGES
from aboard.core.readiness import Actor, Assessment, Readiness
from aboard.core.secret import Secret
from aboard.core.wording import word_actor, word_readiness, word_requirement
from aboard.dashboard.dates import written
from aboard.dashboard.words import words_in
from aboard.sandbox.browser import Page, fetch_from_app, walk_onboarding
from tests.journeys.town import ABOARD, KEY, STRIPE, Town, open_town

KINDS = ("standard", "express", "custom")
TIMINGS = ("past_due", "currently_due", "pending_verification", "eventually_due", "future")
NOT_STARTED, NOT_YET = "not_started", ("not_connected",)
CLOSED = ("charges_disabled", "payouts_disabled")
NO_CAPABILITY = ("capability_inactive:card_payments", "capability_inactive:transfers")
# What the default policy holds against every account of this town.
ALWAYS = {"platform_webhook_silent", "connect_webhook_silent", "test_mode_only"}


@dataclass(slots=True)
class Seller:
    """One organization, its account's type, and its people in the town."""

    town: Town
    kind: str
    account_id: str = ""

    @property
    def name(self) -> str:
        return f"org_{self.kind}"

    @property
    def token(self) -> Secret:
        return self.town.token(f"user_{self.kind}", {self.name: Role.OWNER})

    async def link(self, collect: str = "currently_due") -> str:
        link = await self.town.onboarding_link(self.token, self.name, collect=collect)
        self.account_id = (await self.connection())["stripeAccountId"]
        return link

    async def connection(self, *, fresh: bool = False) -> dict[str, Any]:
        return await self.town.connection(self.token, self.name, fresh=fresh)

    async def ask(self, what: str) -> dict[str, Any]:
        path = f"/v1/connect/accounts/{self.name}/{what}?mode=test"
        answer = await self.town.call("GET", path, self.token)
        assert answer.status == 200, answer.body
        return answer.body

    async def page(self, path: str = "", language: str = "en") -> Page:
        address = f"{ABOARD}/connect/organizations/{self.name}/test{path}"
        browser = self.town.browser(self.token)
        page = await browser.get(address, headers={"accept-language": language})
        assert page.status == 200, page.text
        assert f'<html lang="{language}">' in page.html
        return page


Way = Callable[[Seller], Awaitable[None]]


async def nothing(_seller: Seller) -> None:
    """Do nothing at all."""


async def leave(seller: Seller) -> None:
    """Begin on Stripe's pages, and save for later."""
    browser = seller.town.browser(seller.token)
    page = await browser.get(await seller.link())
    await browser.submit(page.form("step"), button="Save for later")


def walk(collect: str = "currently_due") -> Way:
    """Answer all that Stripe's pages ask for."""

    async def way(seller: Seller) -> None:
        await walk_onboarding(seller.town.browser(seller.token), await seller.link(collect))

    return way


def press(button: str, collect: str = "currently_due") -> Way:
    """Press a button of the bar on Stripe's pages, which stands for what Stripe decides."""

    async def way(seller: Seller) -> None:
        browser = seller.town.browser(seller.token)
        page = await browser.get(await seller.link(collect))
        await browser.submit(page.form("shortcuts"), button=button)

    return way


def decide(verb: str, **form: str) -> Way:
    """Finish by the bar, and let Stripe or the platform do one thing more to the account."""

    async def way(seller: Seller) -> None:
        await press("Finish with test data", "eventually_due")(seller)
        await seller.town.settle()
        await seller.town.force(seller.account_id, verb, **form)

    return way


def reject_document_and(verb: str) -> Way:
    """Have a document asked for again, and then let one thing more happen to the account."""

    async def way(seller: Seller) -> None:
        await press("Reject document")(seller)
        await seller.town.force(seller.account_id, verb)

    return way


async def delete(seller: Seller) -> None:
    """Finish, and let the platform delete the account in its own Stripe dashboard: no event."""
    await press("Finish with test data")(seller)
    url = urlsplit(f"{STRIPE}/v1/accounts/{seller.account_id}")
    bearer = [("authorization", f"Bearer {KEY}")]
    reply = await fetch_from_app(seller.town.sandbox.app, "DELETE", url, bearer, b"")
    assert reply.status == 200, reply.body
    await seller.town.settle()
    await seller.connection(fresh=True)


@dataclass(frozen=True, slots=True)
class Never:
    """The row cannot exist for this type of account."""

    why: str


def each(way: Way) -> dict[str, Way | Never]:
    """Go the same way with each type."""
    return dict.fromkeys(KINDS, way)


@dataclass(frozen=True, slots=True)
class Row:
    """What is true in one state, and the way into it. `on` are Stripe's three switches."""

    state: str
    ways: dict[str, Way | Never]
    readiness: Readiness
    actor: Actor
    on: str = ""
    reason: str | None = None
    lists: tuple[str, ...] = ()
    claims: str = ""
    blockers: tuple[str, ...] = ()
    is_gone: bool = False
    has_deadline: bool = False

    @property
    def has_urgent(self) -> bool:
        return not {"past_due", "currently_due"}.isdisjoint(self.lists)


DOCUMENT = {"requirement": "individual.verification.document"}
ON = "charges payouts details"
WORKING = "onboarded operational"
CUSTOM_BANK = "Stripe's pages never ask a Custom account for its bank: its platform gives it"
STRIPES_BANK = "Stripe's pages ask this account for its bank, so that nobody else has to"
STRIPES_RISK = "a platform can pause only accounts whose losses it bears, and these are Stripe's"

# fmt: off
TABLE = (
    Row("not started", each(nothing),
        Readiness.NOT_STARTED, Actor.OWNER, blockers=NOT_YET),
    Row("left half-way", each(leave),
        Readiness.INCOMPLETE, Actor.OWNER, "", "requirements.past_due", ("past_due",),
        blockers=("details_not_submitted", *CLOSED, *NO_CAPABILITY, "requirements_past_due")),
    Row("document rejected", each(press("Reject document")),
        Readiness.RESTRICTED, Actor.OWNER, "details", "requirements.past_due",
        ("past_due", "eventually_due"),
        blockers=(*CLOSED, *NO_CAPABILITY, "requirements_past_due")),
    Row("under review", each(press("Send to review")),
        Readiness.PENDING, Actor.STRIPE, "details", "under_review", ("eventually_due",),
        blockers=(*CLOSED, *NO_CAPABILITY)),
    Row("asked with a deadline", each(decide("require", **DOCUMENT, **{"in": "864000"})),
        Readiness.RESTRICTED_SOON, Actor.OWNER, ON, None, ("currently_due",), WORKING,
        has_deadline=True),
    Row("something later", {**each(walk()), "custom": press("Finish with test data")},
        Readiness.ENABLED, Actor.NOBODY, ON, None, ("eventually_due",), WORKING),
    Row("only the platform's bank missing",
        {"custom": walk(), "standard": Never(STRIPES_BANK), "express": Never(STRIPES_BANK)},
        Readiness.RESTRICTED, Actor.PLATFORM, "charges details", "requirements.past_due",
        ("past_due", "eventually_due"), "onboarded",
        blockers=("payouts_disabled", "requirements_past_due")),
    Row("form finished", {**each(walk("eventually_due")), "custom": Never(CUSTOM_BANK)},
        Readiness.COMPLETE, Actor.NOBODY, ON, None, (), WORKING),
    Row("bank given too", each(press("Finish with test data", "eventually_due")),
        Readiness.COMPLETE, Actor.NOBODY, ON, None, (), WORKING),
    Row("account rejected", each(decide("reject", reason="rejected.fraud")),
        Readiness.REJECTED, Actor.NOBODY, "details", "rejected.fraud", (),
        blockers=(*CLOSED, *NO_CAPABILITY)),
    Row("rejected with a document due", each(reject_document_and("reject")),
        Readiness.REJECTED, Actor.NOBODY, "details", "rejected.other",
        ("past_due", "eventually_due"),
        blockers=(*CLOSED, *NO_CAPABILITY, "requirements_past_due")),
    Row("listed", each(decide("review", reason="listed")),
        Readiness.REJECTED, Actor.NOBODY, "details", "listed", (),
        blockers=(*CLOSED, *NO_CAPABILITY)),
    Row("disconnected by its holder",
        {"standard": press("Deauthorise"),
         "express": Never("the Express dashboard has no button that disconnects a platform"),
         "custom": Never("a Custom account's holder has no dashboard of Stripe's")},
        Readiness.DISCONNECTED, Actor.PLATFORM, reason="access_revoked", blockers=NOT_YET,
        is_gone=True),
    Row("deleted at Stripe", each(delete),
        Readiness.DISCONNECTED, Actor.PLATFORM, reason="access_revoked", blockers=NOT_YET,
        is_gone=True),
    Row("paused by the platform",
        {**each(decide("pause")), "standard": Never(STRIPES_RISK)},
        Readiness.RESTRICTED, Actor.PLATFORM, "details", "platform_paused", (),
        blockers=(*CLOSED, *NO_CAPABILITY)),
    Row("paused with a document due",
        {**each(reject_document_and("pause")), "standard": Never(STRIPES_RISK)},
        Readiness.RESTRICTED, Actor.PLATFORM, "details", "platform_paused",
        ("past_due", "eventually_due"),
        blockers=(*CLOSED, *NO_CAPABILITY, "requirements_past_due")),
    Row("both off, nothing due, no reason", each(decide("lose", capability="card_payments")),
        Readiness.RESTRICTED, Actor.PLATFORM, "details", None, (),
        blockers=(*CLOSED, *NO_CAPABILITY)),
)
# fmt: on
CASES = [
    pytest.param(row, kind, id=f"{row.state}, {kind}")
    for row in TABLE
    for kind in KINDS
    if not isinstance(row.ways[kind], Never)
]


@pytest.fixture
async def sellers(tmp_path: Path) -> AsyncIterator[dict[str, Seller]]:
    """Open a town where an operator has decided on a type of account for each of three."""
    async with open_town(tmp_path, ABOARD_ORGANIZATION_COUNTRY="US") as town:
        found = {kind: Seller(town, kind) for kind in KINDS}
        for kind, seller in found.items():
            path = f"/v1/organizations/{seller.name}/account-shape?mode=test"
            answer = await town.call("PUT", path, town.operator(), {"type": kind})
            assert answer.status == 200, answer.body
        yield found


def test_every_readiness_is_in_the_table_for_every_type() -> None:
    reached = {(row.readiness, kind) for row in TABLE for kind in KINDS if callable(row.ways[kind])}
    assert reached == {(readiness, kind) for readiness in Readiness for kind in KINDS}


@pytest.mark.parametrize(("row", "kind"), CASES)
async def test_every_face_says_what_is_true(
    sellers: dict[str, Seller], row: Row, kind: str
) -> None:
    seller, way = sellers[kind], row.ways[kind]
    assert callable(way)
    await way(seller)
    await seller.town.settle()
    truth = await _truth(seller, row)
    await _check_connection(seller, row, truth)
    keys = await _check_requirements(seller, row, truth)
    await _check_setup(seller, row)
    for language in LANGUAGES:
        await _check_owner_page(seller, row, truth, language)
        await _check_checklist_page(seller, row, keys, language)
    for other in KINDS:
        if other != kind:
            assert (await sellers[other].connection())["readiness"] == NOT_STARTED


async def _truth(seller: Seller, row: Row) -> dict[str, Any] | None:
    """Return the account as it is at Stripe, for those who may still see it, as the row has it."""
    if not seller.account_id or row.is_gone:
        return None
    account = await seller.town.at_stripe(seller.account_id)
    assert account["type"] == seller.kind
    switches = ("charges_enabled", "payouts_enabled", "details_submitted")
    assert [name for name in switches if account[name]] == [
        name for name in switches if name.partition("_")[0] in row.on.split()
    ]
    assert account["requirements"]["disabled_reason"] == row.reason
    return account


async def _check_connection(seller: Seller, row: Row, truth: dict[str, Any] | None) -> None:
    said = await seller.connection()
    assert (said["readiness"], said["whoMustAct"]) == (row.readiness, row.actor)
    assert said["disabledReason"] == row.reason
    assert said["chargesEnabled"] is (truth is not None and truth["charges_enabled"])
    assert said["payoutsEnabled"] is (truth is not None and truth["payouts_enabled"])
    assert said["detailsSubmitted"] is (truth is not None and truth["details_submitted"])
    assert said["capabilities"] == (truth["capabilities"] if truth else {})
    deadline = truth["requirements"]["current_deadline"] if truth else None
    assert (deadline is not None) is row.has_deadline
    assert _unix(said["currentDeadline"]) == deadline


async def _check_requirements(
    seller: Seller, row: Row, truth: dict[str, Any] | None
) -> dict[str, list[str]]:
    """Hold the checklist against Stripe's lists, each key once; return the keys by timing."""
    said = await seller.ask("requirements")
    assert (said["readiness"], said["whoMustAct"]) == (row.readiness, row.actor)
    keys = {timing: [item["key"] for item in said["groups"][timing]] for timing in TIMINGS}
    wanted: dict[str, set[str]] = {timing: set() for timing in TIMINGS}
    if truth:
        seen: set[str] = set()
        for timing in TIMINGS[:-1]:
            wanted[timing] = set(truth["requirements"][timing]) - seen
            seen |= wanted[timing]
    assert {timing: set(found) for timing, found in keys.items()} == wanted
    assert tuple(timing for timing in TIMINGS if keys[timing]) == row.lists
    for item in said["groups"]["past_due"]:
        codes = [error["code"] for error in item["errors"]]
        at_stripe = truth["requirements"]["errors"] if truth else ()
        assert codes == [one["code"] for one in at_stripe if one["requirement"] == item["key"]]
    return {timing: found for timing, found in keys.items() if found}


async def _check_setup(seller: Seller, row: Row) -> None:
    said = await seller.ask("setup-state")
    assert [claim for claim in ("onboarded", "operational") if said[claim]] == row.claims.split()
    assert said["live"] is False
    assert tuple(name for name in said["blockers"] if name not in ALWAYS) == row.blockers


async def _check_owner_page(
    seller: Seller, row: Row, truth: dict[str, Any] | None, language: str
) -> None:
    page, words = await seller.page(language=language), words_in(language)["status"]
    state = word_readiness(Assessment(row.readiness, row.actor), language)
    heading = re.search(r'<h2 id="standing">(.*?)</h2>', page.html)
    assert heading
    assert unescape(heading[1]) == state.title
    assert state.what in page.text
    assert word_actor(row.actor, language) in page.text
    is_asked = row.actor is Actor.OWNER and row.has_urgent
    assert ('<ul class="wanted">' in page.html) is is_asked
    buttons = {button.text for form in page.forms for button in form.buttons}
    is_fresh = row.readiness is Readiness.NOT_STARTED
    forward = {words["start"], words["continue"]} & buttons
    expected = {words["start" if is_fresh else "continue"]} if row.actor is Actor.OWNER else set()
    assert forward == expected
    assert any(link.text == words["start_over"] for link in page.links) is row.is_gone
    assert (words["dashboard"] in buttons) is (seller.kind == "express" and row.on == ON)
    _check_switches(page, truth, words)
    deadline = truth["requirements"]["current_deadline"] if truth else None
    if deadline:
        by = written(datetime.fromtimestamp(deadline).astimezone(), language)
        assert words["deadline"].format(date=by) in page.text


def _check_switches(page: Page, truth: dict[str, Any] | None, words: dict[str, str]) -> None:
    if truth is None:
        assert f"{words['payments']} {words['on']}" not in page.text
        return
    for name, flag in (("payments", "charges_enabled"), ("payouts", "payouts_enabled")):
        assert f"{words[name]} {words['on' if truth[flag] else 'off']}" in page.text
    given = words["given" if truth["details_submitted"] else "not_given"]
    assert f"{words['details']} {given}" in page.text


async def _check_checklist_page(
    seller: Seller, row: Row, keys: dict[str, list[str]], language: str
) -> None:
    page, words = await seller.page("/checklist", language), words_in(language)["checklist"]
    if row.readiness is Readiness.REJECTED:  # there is nothing more to give
        keys = {}
    elif "details" not in row.on:  # nothing is overdue before the form was finished once
        now = [*keys.get("past_due", ()), *keys.get("currently_due", ())]
        keys = {"currently_due": now} if now else {}
    for timing in TIMINGS:
        assert (f'id="group-{timing}"' in page.html) is (timing in keys)
        assert (words[f"{timing}_lead"] in page.text) is (timing in keys)
    for key in (key for found in keys.values() for key in found):
        assert word_requirement(key, language).title in page.text


def _unix(text: str | None) -> int | None:
    return None if text is None else int(datetime.fromisoformat(text).timestamp())
