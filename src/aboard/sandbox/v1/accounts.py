"""Connected accounts: create, read, change, list, delete.

Source: Stripe's API reference, "Accounts", API version 2026-10-28.
"""

from http import HTTPStatus
from typing import Any

from aboard.sandbox import banks, transitions
from aboard.sandbox.account import Account
from aboard.sandbox.call import Call, Route, Thing
from aboard.sandbox.catalogue import COUNTRIES
from aboard.sandbox.paging import page
from aboard.sandbox.v1 import account_facts, account_params, account_rules
from aboard.sandbox.v1.access import get_account, require_platform
from aboard.sandbox.v1.external_accounts import read as read_bank
from aboard.sandbox.views.v1 import account_view
from aboard.sandbox.wire.errors import StripeError


def _show(call: Call, account: Account) -> dict[str, Any]:
    return account_view.render(account, call.world.now(), is_own=account is call.actor)


def create(call: Call) -> dict[str, Any]:
    """Make a connected account."""
    require_platform(call)
    world, params = call.world, call.params
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
    bank = read_bank(world, params.get("external_account"))
    account.metadata, person_metadata = account_facts.merged_metadata(account, params)
    if controller.dashboard == "full":
        account.requested = dict.fromkeys(transitions.DEFAULT_CAPABILITIES, world.now())
    account_facts.write(world, account, facts, params)
    if person_metadata is not None:
        account_facts.representative(world, account).metadata = person_metadata
    if bank is not None:
        banks.place(account, bank)
    world.accounts.add(account.id, account)
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
    world, params = call.world, call.params
    account = get_account(call)
    if account.is_platform or call.actor is not None:
        raise account_rules.no_permission(account, sorted(params) or ["account"])
    account_rules.check_update(account, params)
    facts = account_facts.read_facts(world, account, params, is_new=False)
    bank = read_bank(world, params.get("external_account"))
    metadata, person_metadata = account_facts.merged_metadata(account, params)
    with transitions.changing(world, account):
        account_facts.write(world, account, facts, params)
        account.metadata = metadata
        if person_metadata is not None:
            account_facts.representative(world, account).metadata = person_metadata
        replaced = [] if bank is None else banks.place(account, bank)
    if bank is not None:
        banks.tell(world, account, bank, replaced)
    return _show(call, account)


def list_all(call: Call) -> dict[str, Any]:
    """List the connected accounts, newest first."""
    require_platform(call)
    created = call.params.get("created")

    def keep(account: Account) -> bool:
        is_ours = account.deauthorised_at is None
        return is_ours and (created is None or created(account.created))

    return page(
        call,
        call.world.accounts,
        "account",
        show=lambda account: account_view.render(account, call.world.now()),
        keep=keep,
    )


def delete(call: Call) -> dict[str, Any]:
    """Delete a connected account; in live mode not one that Stripe answers for."""
    account = get_account(call)
    if account.is_platform or call.actor is not None:
        raise StripeError("You cannot delete your own account via the API.", is_early=True)
    if call.world.livemode and account.controller.losses == "stripe":
        raise StripeError(
            f"This application does not have the required permissions to delete account "
            f"'{account.id}'.",
            status=HTTPStatus.FORBIDDEN,
        )
    call.world.accounts.remove(account.id)
    return {"id": account.id, "object": "account", "deleted": True}


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
ROUTES = (
    Route("GET", "/v1/account", retrieve_current, account_params.NONE, "account"),
    Route("GET", "/v1/accounts", list_all, account_params.LIST, "account", is_list=True),
    Route("POST", "/v1/accounts", create, account_params.CREATE, "account"),
    Route("GET", _ONE, retrieve, account_params.NONE, "account"),
    Route("POST", _ONE, update, account_params.UPDATE, "account"),
    Route("DELETE", _ONE, delete),
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
