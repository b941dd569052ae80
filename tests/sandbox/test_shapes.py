"""Do the answers have the shape that the official SDK's types say?

Each answer is held against the annotations of the SDK's class for it: no key that the class does
not know, none missing that may not be missing, and every value of the right type.
"""

import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest
import stripe
from stripe import StripeObject

from aboard.sandbox import Sandbox
from tests.sandbox.conftest import (
    BUSINESS,
    COMPANY,
    CUSTOM,
    EXPRESS,
    HOOK,
    LINK,
    PERSON,
    Wire,
    control,
    free,
)

# Real Express accounts carry it; the SDK's annotations do not name it.
UNNAMED = {"account.login_links"}
# Named by the annotations and never sent: the SDK's own bookkeeping, and what only deletion shows.
NEVER_SENT = {"deleted", "account.deleted"}


class Names(dict[str, Any]):
    """Names as the SDK's annotations mean them: of the class, or of the SDK, loaded on demand."""

    def __missing__(self, name: str) -> Any:  # noqa: ANN401 - anything the SDK names
        name = name.removesuffix("Resource")  # the SDK's alias where a class is called alike
        for home in (stripe, stripe.issuing):
            own = name.removeprefix("Issuing") if home is stripe.issuing else name
            if hasattr(home, own):
                return getattr(home, own)
        raise KeyError(name)


def hints_of(kind: type[StripeObject]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in reversed(kind.__mro__):
        if each in StripeObject.__mro__:
            continue
        namespace = Names(vars(kind), **{kind.__name__: kind})
        own = {name: text for name, text in each.__annotations__.items() if name[0].islower()}
        if own:
            hints = get_type_hints(each, localns=namespace)
            found |= {name: hints[name] for name in own}
    remapped = getattr(kind, "_field_remappings", {})
    return {remapped.get(name, name): hint for name, hint in found.items()}


def may_be_absent(hint: Any) -> bool:  # noqa: ANN401 - an annotation
    return type(None) in get_args(hint)


def problems(hint: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - an annotation, any JSON
    origin = get_origin(hint)
    if hint is Any or isinstance(hint, TypeVar):
        return
    if origin in {Union, types.UnionType}:
        found = [list(problems(each, value, path)) for each in _closed(get_args(hint))]
        if all(found):
            yield from min(found, key=len)
    elif origin is Literal:
        if value not in get_args(hint):
            yield f"{path}: {value!r} is none of {get_args(hint)[:5]}"
    elif origin in {list, dict}:
        yield from _inside(hint, value, path)
    elif origin is not None:
        yield from _generic(hint, value, path)
    elif isinstance(hint, type) and issubclass(hint, StripeObject):
        yield from _object(hint, value, path)
    elif not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        yield f"{path}: {value!r} is no {hint.__name__}"


def _closed(args: tuple[Any, ...]) -> list[Any]:
    """Leave out the `str` that keeps a list of words open: ours shall be among the named."""
    has_words = any(get_origin(each) is Literal for each in args)
    return [each for each in args if not (has_words and each is str)]


def _generic(hint: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - an annotation, any JSON
    if issubclass(get_origin(hint), stripe.ListObject):
        yield from _list(get_args(hint)[0], value, path)
    elif not isinstance(value, dict):
        yield f"{path}: {value!r} is no hash"


def _inside(hint: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - an annotation, any JSON
    if not isinstance(value, get_origin(hint)):
        yield f"{path}: {value!r} is no {hint}"
        return
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        yield from problems(get_args(hint)[-1], each, f"{path}.{key}")


def _list(hint: Any, value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - an annotation, any JSON
    if not isinstance(value, dict) or not {"object", "data", "has_more", "url"} <= set(value):
        yield f"{path}: {value!r} is no list"
        return
    for place, each in enumerate(value["data"]):
        yield from problems(hint, each, f"{path}.data.{place}")


def _object(kind: type[StripeObject], value: Any, path: str) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        yield f"{path}: {value!r} is no {kind.__name__}"
        return
    hints = hints_of(kind)
    for key, each in value.items():
        if key in hints:
            yield from problems(hints[key], each, f"{path}.{key}")
        elif f"{path}.{key}" not in UNNAMED:
            yield f"{path}.{key}: unknown to {kind.__name__}"
    for key, hint in hints.items():
        if key not in value and not may_be_absent(hint) and key not in NEVER_SENT:
            yield f"{path}.{key}: missing"


def check(kind: type[StripeObject], value: Mapping[str, Any], name: str) -> None:
    assert list(problems(kind, value, name)) == []


async def accounts(sdk: stripe.StripeClient, wire: Wire) -> dict[str, str]:
    """Make one account of each sort and return the ids."""
    whole = {**CUSTOM, **BUSINESS}
    made = {
        "fresh": EXPRESS,
        "standard": {"type": "standard"},
        "german": {**EXPRESS, "country": "DE", "business_type": "company"},
        "individual": {**whole, "business_type": "individual", "individual": PERSON},
        "company": {
            **whole,
            "business_type": "company",
            "company": COMPANY,
            "individual": {**PERSON, "relationship": {"title": "CEO"}, "id_number": "111111111"},
        },
        "prefilled": {**EXPRESS, "business_type": "individual", "individual": PERSON},
        "rejected": EXPRESS,
        "complete": EXPRESS,
    }
    ids = {name: (await sdk.v1.accounts.create_async(free(form))).id for name, form in made.items()}
    await sdk.v1.account_links.create_async(free({**LINK, "account": ids["prefilled"]}))
    await control(wire, ids["rejected"], "reject")
    await control(wire, ids["complete"], "complete")
    await control(
        wire, ids["complete"], "require", requirement="individual.id_number", **{"in": "99"}
    )
    return ids


async def test_accounts(sdk: stripe.StripeClient, wire: Wire) -> None:
    for name, account_id in (await accounts(sdk, wire)).items():
        answer = await wire.send("GET", f"/v1/accounts/{account_id}")
        check(stripe.Account, answer.json, "account")
        assert answer.json["object"] == "account", name
        own = await wire.send("GET", "/v1/account", stripe_account=account_id)
        check(stripe.Account, own.json, "account")
    platform = await wire.send("GET", "/v1/account")
    check(stripe.Account, platform.json, "account")


async def test_links(sdk: stripe.StripeClient, wire: Wire) -> None:
    ids = await accounts(sdk, wire)
    form = {**LINK, "account": ids["fresh"]}
    link = await wire.send("POST", "/v1/account_links", form)
    check(stripe.AccountLink, link.json, "account_link")
    login = await wire.send("POST", f"/v1/accounts/{ids['complete']}/login_links")
    check(stripe.LoginLink, login.json, "login_link")


async def test_webhook_endpoints(wire: Wire) -> None:
    form = {"url": HOOK, "enabled_events[]": "*", "connect": "true"}
    made = await wire.send("POST", "/v1/webhook_endpoints", form)
    check(stripe.WebhookEndpoint, made.json, "webhook_endpoint")


async def test_events(sdk: stripe.StripeClient, wire: Wire) -> None:
    kinds: dict[str, type[StripeObject]] = {
        "account": stripe.Account,
        "capability": stripe.Capability,
        "bank_account": stripe.BankAccount,
        "person": stripe.Person,
    }
    seen = set()
    for account_id in (await accounts(sdk, wire)).values():
        answer = await wire.send("GET", "/v1/events?limit=100", stripe_account=account_id)
        for event in answer.json["data"]:
            check(stripe.Event, event, "event")
            thing = event["data"]["object"]
            check(kinds[thing["object"]], thing, thing["object"])
            seen.add(thing["object"])
    assert seen == set(kinds)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"charges_enabled": "yes"}, "account.charges_enabled"),
        ({"surprise": 1}, "account.surprise"),
        ({"type": "deluxe"}, "account.type"),
        ({"requirements": {"currently_due": [5]}}, "account.requirements"),
    ],
)
async def test_the_check_can_fail(wire: Wire, change: dict[str, Any], found: str) -> None:
    made = (await wire.send("POST", "/v1/accounts", {"type": "express"})).json
    wrong = list(problems(stripe.Account, {**made, **change}, "account"))
    assert any(each.startswith(found) for each in wrong), wrong


def test_nothing_of_this_needs_a_network() -> None:
    assert Sandbox().worlds == ()
