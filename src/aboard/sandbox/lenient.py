"""What if a suite names things that nobody made? Then they come into being when they are named.

For suites written for stripe-mock, which knows every id: `acct_123`, `person_xxxxxxxxxxxxx`. An
operation that finds an id missing is asked again after the thing was made under that very id, by
the API's own operation for making one, so it is as real as any other. Everything else is as
strict as ever.

An account that came into being like this is whatever the operation at hand needs: it has passed
onboarding, is an Express account where a login link is made and Custom otherwise, and is rejected
where a rejection is taken back. A transfer, fee or payout that came into being like this and is
used up is made anew, and there is money enough. New accounts need not name their capabilities.

Source: stripe-mock's README, "stateless".
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from aboard.sandbox.account import CUSTOM, EXPRESS, Account
from aboard.sandbox.call import Call, Route, Upload
from aboard.sandbox.charges import Charge
from aboard.sandbox.wire.errors import StripeError
from aboard.sandbox.world import World

MOST_MADE = 8
"""How many things one request may bring into being."""
_LONGEST_ID = 100
_PIXEL = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64

Form = dict[str, Any]


class Recipe(Struct, frozen=True):
    """How a thing is made: the operation, with whom it acts as, and its parameters.

    `acts_as`: `platform`, `caller`, or `account`: an account that the caller is not. `before`:
    what is made first, of which nobody needs to know the id. In `template`, `{account}` stands for
    the account at hand, `{0}` for the first id of the caller's path, `{charge}` for a new charge.
    """

    template: str
    form: Mapping[str, Any] = {}
    acts_as: str = "caller"
    before: tuple["Recipe", ...] = ()
    is_upload: bool = False


_BANK = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "110000000",
    "account_number": "000123456789",
}
_MONEY = {"amount": "1000000", "currency": "usd"}
_FUNDS = Recipe("/v1/charges", {**_MONEY, "source": "tok_bypassPending"})
_PLATFORM_FUNDS = Recipe(_FUNDS.template, _FUNDS.form, "platform")
_ACCOUNT = Recipe(
    "/v1/accounts",
    {
        "type": "custom",
        "country": "US",
        "business_type": "company",
        "capabilities": {
            name: {"requested": "true"}
            for name in ("card_payments", "transfers", "us_bank_account_ach_payments")
        },
    },
    "platform",
)
_CARD = {"object": "card", "number": "4000056655665556", "exp_month": "12", "exp_year": "2040"}
_CHARGE_WITH_FEE = Recipe(
    _FUNDS.template,
    {**_MONEY, "source": "tok_visa", "application_fee_amount": "1000"},
    "account",
)
RECIPES: Mapping[str, Recipe] = {
    "acct": _ACCOUNT,
    "ba": Recipe("/v1/accounts/{account}/external_accounts", {"external_account": _BANK}),
    "btok": Recipe("/v1/tokens", {"bank_account": {**_BANK, "object": None}}),
    "card": Recipe(
        "/v1/accounts/{account}/external_accounts",
        {"external_account": {**_CARD, "currency": "usd"}},
    ),
    "ch": Recipe("/v1/charges", {**_MONEY, "source": "tok_visa"}),
    "ct": Recipe("/v1/tokens", {"account": {"business_type": "individual"}}),
    "fee": _CHARGE_WITH_FEE,
    "file": Recipe("/v1/files", {"purpose": "identity_document"}, is_upload=True),
    "fr": Recipe("/v1/application_fees/{0}/refunds", {"amount": "1"}),
    "person": Recipe("/v1/accounts/{account}/persons", {"first_name": "Jenny"}),
    "po": Recipe("/v1/payouts", {"amount": "1", "currency": "usd"}, before=(_FUNDS,)),
    "re": Recipe("/v1/refunds", {"amount": "1", "charge": "{charge}"}),
    "tok": Recipe("/v1/tokens", {"card": {**_CARD, "object": None}}),
    "tu": Recipe("/v1/topups", _MONEY, "platform"),
    "tr": Recipe(
        "/v1/transfers",
        {"amount": "1000", "currency": "usd", "destination": "{account}"},
        "platform",
        before=(_PLATFORM_FUNDS,),
    ),
    "trr": Recipe("/v1/transfers/{0}/reversals", {"amount": "1"}),
    "txn": _FUNDS,
    "we": Recipe(
        "/v1/webhook_endpoints",
        {"url": "https://example.com/hook", "enabled_events": ["*"]},
        "platform",
    ),
}


def answer(call: Call, route: Route) -> dict[str, Any]:
    """Answer a request; what it names and nobody made comes into being.

    Raises:
        StripeError: it is refused for any other reason.
    """
    named = call.params.get("account")
    if isinstance(named, str) and call.world.account(named) is None:
        conjure(call, named)
    is_renewed = False
    for _ in range(MOST_MADE):
        _suit(call, route)
        try:
            return route.handler(call)
        except StripeError as refusal:
            if refusal.missing is not None and conjure(call, refusal.missing):
                continue
            if is_renewed or not _renew(call, refusal):
                raise
            is_renewed = True
    return route.handler(call)


def _renew(call: Call, refusal: StripeError) -> bool:
    """Let what came into being here be as if it were new, and let there be money enough."""
    if refusal.code == "balance_insufficient":
        _follow(call, _FUNDS)
        return True
    named = [*call.ids, *(value for value in call.params.values() if isinstance(value, str))]
    spent = [key for key in named if key in call.world.conjured and not key.startswith("acct_")]
    for thing_id in spent:
        for _, _, ledger in call.world.shelves.every():
            if thing_id in ledger:
                ledger.remove(thing_id)
        conjure(call, thing_id)
    return bool(spent)


def get_account(world: World, account_id: str, origin: str) -> Account | None:
    """Return the account that a request acts as; it comes into being unless it was there."""
    if conjure(Call(world, origin, "/"), account_id):
        return world.account(account_id)
    return None


def _suit(call: Call, route: Route) -> None:
    """Let accounts that came into being here be what the operation needs."""
    if route.template == "/v1/accounts" and call.params.get("type") == "custom":
        call.params.setdefault("capabilities", {"transfers": {"requested": True}})
    named = {*call.ids, call.params.get("account"), call.owner}
    for account_id in call.world.conjured & named:
        account = call.world.accounts.get(account_id)
        if account is None:
            continue
        is_express = route.template.endswith("/login_links")
        account.controller = EXPRESS if is_express else CUSTOM
        account.details_submitted = account.is_approved = True
        account.deauthorised_at = None
        account.is_rejected_by_platform = route.template.endswith("/unreject")
        account.rejected = "rejected.other" if account.is_rejected_by_platform else None


def conjure(call: Call, thing_id: str) -> bool:
    """Make the thing that is called so; say whether that was possible."""
    prefix, has_rest, rest = thing_id.partition("_")
    world = call.world
    is_an_id = has_rest and rest and len(thing_id) <= _LONGEST_ID and thing_id.isascii()
    if not is_an_id:
        return False
    if prefix == "evt":
        return _tell(call, thing_id)
    recipe = RECIPES.get(prefix)
    if recipe is None:
        return False
    try:
        for earlier in recipe.before:
            _follow(call, earlier)
        world.ids.wish(prefix, thing_id)
        _follow(call, recipe)
    except StripeError:
        return False
    finally:
        was_made = world.ids.stop_wishing()
    if was_made:
        world.conjured.add(thing_id)
    if was_made and prefix == "acct":
        _pass_onboarding(world, thing_id)
    return was_made


def _tell(call: Call, event_id: str) -> bool:
    from aboard.sandbox.emit import emit  # noqa: PLC0415 - only made-up events need it
    from aboard.sandbox.views.v1 import account_view  # noqa: PLC0415 - the same

    world = call.world
    account = call.actor or world.platform
    world.ids.wish("evt", event_id)
    shown = account_view.render(account, world.now())
    emit(world, "account.updated", shown, account=call.actor)
    return world.ids.stop_wishing()


def _pass_onboarding(world: World, account_id: str) -> None:
    from aboard.sandbox import outcomes  # noqa: PLC0415 - only made-up accounts need it

    account = world.accounts.get(account_id)
    if account is not None:
        outcomes.complete(world, account)


def _follow(call: Call, recipe: Recipe) -> None:
    from aboard.sandbox.routes import find  # noqa: PLC0415 - the table is made of the rooms

    actor = _actor(call, recipe.acts_as)
    account_id = _account_at_hand(call)
    first = call.ids[0] if call.ids else ""

    def fill(text: str) -> str:
        if text == "{charge}":
            return _new_charge(call)
        return text.replace("{account}", account_id()).replace("{0}", first)

    template = fill(recipe.template) if "{" in recipe.template else recipe.template
    route, ids = find("POST", template)
    if route is None:
        return
    form: Form = {
        name: fill(value) if isinstance(value, str) and "{" in value else _without_none(value)
        for name, value in recipe.form.items()
    }
    params = route.params.read(form)
    upload = Upload("document.png", "image/png", _PIXEL) if recipe.is_upload else None
    route.handler(Call(call.world, call.origin, template, ids, params, actor, upload=upload))


def _new_charge(call: Call) -> str:
    """Make a charge, and return its id."""
    _follow(call, _FUNDS)
    newest, _ = call.world.shelf(Charge, call.owner).page(limit=1)
    return newest[0].id if newest else ""


def _without_none(value: Any) -> Any:  # noqa: ANN401 - a form's value
    if isinstance(value, Mapping):
        return {name: inner for name, inner in value.items() if inner is not None}
    return value


def _actor(call: Call, acts_as: str) -> Account | None:
    if acts_as == "platform":
        return None
    if acts_as == "account" and call.actor is None:
        return call.world.account(_account_at_hand(call)())
    return call.actor


def _account_at_hand(call: Call) -> Callable[[], str]:
    """Return how to find the account that a thing belongs to: one named, or any, or a new one."""

    def find_one() -> str:
        named = [*call.ids[:1], call.params.get("destination"), call.owner]
        for account_id in named:
            if isinstance(account_id, str) and call.world.account(account_id) is not None:
                return account_id
        spare = f"acct_lenient{call.world.platform.id[-8:]}"
        if call.world.account(spare) is None:
            conjure(Call(call.world, call.origin, "/"), spare)
        return spare

    return find_one
