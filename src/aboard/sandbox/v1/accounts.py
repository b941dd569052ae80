"""Connected accounts: create, read, change, list, delete.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

from typing import Any

from aboard.sandbox import banks, grants, money, transitions
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.changes import tell_people
from aboard.sandbox.paging import page
from aboard.sandbox.v1 import account_facts, account_params, account_rules, token_params
from aboard.sandbox.v1.access import get_account, require_platform
from aboard.sandbox.v1.external_account_facts import read as read_bank
from aboard.sandbox.v1.token_params import use_up
from aboard.sandbox.views.v1 import account_view
from aboard.sandbox.wire.errors import StripeError


def _show(call: Call, account: Account) -> dict[str, Any]:
    return account_view.render(account, call.world.now(), is_own=account is call.actor)


def create(call: Call) -> dict[str, Any]:
    """Make a connected account."""
    require_platform(call)
    world = call.world
    params, token = token_params.of_account(call)
    controller = account_rules.read_controller(params)
    country = account_rules.read_country(params, world.platform.country)
    account_rules.check_create(controller, params)
    account = Account(
        id=world.ids.new("acct"),
        created=world.now(),
        country=country,
        currency=COUNTRIES[country].currency,
        controller=controller,
    )
    facts = account_facts.read_facts(world, account, params, is_new=True)
    bank, bank_token = read_bank(world, account, params.get("external_account"))
    account.metadata, person_metadata = account_facts.merged_metadata(account, params)
    if controller.dashboard == "full":
        account.requested = dict.fromkeys(transitions.DEFAULT_CAPABILITIES, world.now())
    account_facts.write(world, account, facts, params)
    if person_metadata is not None:
        account_facts.representative(world, account).metadata = person_metadata
    if bank is not None:
        banks.place(account, bank)
    use_up(token)
    use_up(bank_token)
    world.accounts.add(account.id, account)
    tell_people(world, None, account, world.now())
    transitions.begin(world, account)
    return _show(call, account)


def retrieve(call: Call) -> dict[str, Any]:
    """Read one account; reviews that end after so many reads count this one."""
    account = get_account(call)
    transitions.count_read(call.world, account)
    return _show(call, account)


def retrieve_current(call: Call) -> dict[str, Any]:
    """Read the caller's own account."""
    account = call.actor or call.world.platform
    transitions.count_read(call.world, account)
    return _show(call, account)


def update(call: Call) -> dict[str, Any]:
    """Change an account: everything before the first link, little after it."""
    world = call.world
    account = get_account(call)
    if account.is_platform or call.actor is not None:
        raise account_rules.no_permission(account, sorted(call.params) or ["account"])
    account_rules.check_update(account, call.params, world.now())
    params, token = token_params.of_account(call)
    account_rules.check_terms(account.controller, params)
    facts = account_facts.read_facts(world, account, params, is_new=False)
    bank, bank_token = read_bank(world, account, params.get("external_account"))
    metadata, person_metadata = account_facts.merged_metadata(account, params)
    with transitions.changing(world, account):
        account_facts.write(world, account, facts, params)
        account.metadata = metadata
        use_up(token)
        use_up(bank_token)
        if person_metadata is not None:
            account_facts.representative(world, account).metadata = person_metadata
        replaced = [] if bank is None else banks.place(account, bank)
    if bank is not None:
        banks.tell(world, account, bank, replaced)
    return _show(call, account)


def list_all(call: Call) -> dict[str, Any]:
    """List the connected accounts, newest first."""
    require_platform(call)
    return page(
        call,
        call.world.accounts,
        "account",
        show=lambda account: account_view.render(account, call.world.now()),
        by=("created",),
        keep=lambda account: account.deauthorised_at is None,
    )


def delete(call: Call) -> dict[str, Any]:
    """Delete a connected account; in live mode only an empty one that the platform answers for."""
    account = get_account(call)
    if account.is_platform or call.actor is not None:
        raise StripeError("You cannot delete your own account via the API.", is_early=True)
    if call.world.livemode:
        controller = account.controller
        if controller.dashboard == "full" or controller.losses == "stripe":
            raise account_rules.no_endpoint(account)
        _check_empty(call, account, "deleted")
    grants.revoke(call.world, account.id)
    call.world.accounts.remove(account.id)
    return {"id": account.id, "object": "account", "deleted": True}


def _check_empty(call: Call, account: Account, what: str) -> None:
    if money.has_balance(call.world, account.id):
        raise StripeError(
            f"The account '{account.id}' cannot be {what} because its balance is not zero."
        )


_REJECTIONS = {
    "fraud": "rejected.fraud",
    "other": "rejected.other",
    "terms_of_service": "rejected.terms_of_service",
}
"""What came of each reason in the API versions up to clover."""


def _rejection(call: Call) -> str:
    reason: str = call.params["reason"]
    if call.version < _UNTIL_CLOVER:
        return _REJECTIONS[reason]
    kind = reason.partition("_")[0] if reason.startswith("fraud") else reason
    return f"rejected.platform_{kind if kind in _REJECTIONS else 'other'}"


def _answered_for(call: Call) -> Account:
    """Return the account to be rejected or taken back, which the platform must be liable for."""
    require_platform(call)
    account = get_account(call)
    if account.is_platform or account.controller.losses == "stripe":
        raise account_rules.no_endpoint(account)
    return account


def reject(call: Call) -> dict[str, Any]:
    """Turn an account away: no charges from now on, and no payouts unless told otherwise."""
    account = _answered_for(call)
    if account.rejected is not None and not account.is_rejected_by_platform:
        raise StripeError(f"The account '{account.id}' has already been rejected by Stripe.")
    if call.world.livemode:
        _check_empty(call, account, "rejected")
    with transitions.changing(call.world, account):
        account.rejected = _rejection(call)
        account.is_rejected_by_platform = True
        account.is_rejection_paying_out = call.params.get("payouts_action") == "none"
        account.review = None
    return _show(call, account)


def unreject(call: Call) -> dict[str, Any]:
    """Take the platform's own rejection back; whatever else holds the account up, stays."""
    account = _answered_for(call)
    if not account.is_rejected_by_platform:
        raise StripeError(
            f"The account '{account.id}' cannot be unrejected because your platform has not "
            "rejected it."
        )
    with transitions.changing(call.world, account):
        account.rejected = None
        account.is_rejected_by_platform = account.is_rejection_paying_out = False
        if not account.is_approved:
            account.reviewed = {}
    return _show(call, account)


def show(call: Call, account_id: str) -> dict[str, Any] | None:
    """Render the account with an id, if this caller may see it."""
    is_own = call.actor is not None and account_id == call.actor.id
    if account_id == call.world.platform.id:
        account: Account | None = call.world.platform
    else:
        account = call.actor if is_own else call.world.account(account_id)
    if account is None or (call.actor is not None and not is_own):
        return None
    return _show(call, account)


_ONE = "/v1/accounts/{account}"
_UNTIL_CLOVER = "2026-10-28"
ROUTES = (
    Route("GET", "/v1/account", retrieve_current, account_params.NONE, "account"),
    Route("GET", "/v1/accounts", list_all, account_params.LIST, "account", is_list=True),
    Route("POST", "/v1/accounts", create, account_params.CREATE, "account"),
    Route("GET", _ONE, retrieve, account_params.NONE, "account"),
    Route("POST", _ONE, update, account_params.UPDATE, "account"),
    Route("DELETE", _ONE, delete),
    Route(
        "POST",
        f"{_ONE}/reject",
        reject,
        account_params.REJECT,
        "account",
        older=((_UNTIL_CLOVER, account_params.REJECT_UNTIL_CLOVER),),
    ),
    Route("POST", f"{_ONE}/unreject", unreject, account_params.NONE, "account"),
)
THINGS = (
    Thing(
        "account",
        show,
        {
            "settings.branding.icon": "file",
            "settings.branding.logo": "file",
            "individual.verification.additional_document.back": "file",
            "individual.verification.additional_document.front": "file",
            "individual.verification.document.back": "file",
            "individual.verification.document.front": "file",
            "company.verification.document.back": "file",
            "company.verification.document.front": "file",
        },
    ),
)
