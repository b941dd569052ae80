"""Can an account be made like this? The rules about types and controllers that are certain.

Refused here is what Stripe refuses in every country, so that a mistake is told when it is made
and not when the first seller comes. What depends on the platform is left to Stripe.

Source: Stripe's documentation, "Connect account controller properties"; the account object of
the v1 API, version 2026-10-28.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from aboard.core.account import AccountShape
from aboard.core.capabilities import CAPABILITIES
from aboard.core.errors import InputRefused

TYPES: Final = ("express", "standard", "custom")
BUSINESS_TYPES: Final = ("company", "government_entity", "individual", "non_profit")
FEES: Final = "fees.payer"
LOSSES: Final = "losses.payments"
COLLECTION: Final = "requirement_collection"
DASHBOARD: Final = "stripe_dashboard.type"
CONTROLLER_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        FEES: ("account", "application"),
        LOSSES: ("stripe", "application"),
        COLLECTION: ("stripe", "application"),
        DASHBOARD: ("full", "express", "none"),
    }
)
"""The words of each property of a controller; the first is what Stripe takes when none is given."""

USUAL_CAPABILITIES: Final = ("card_payments", "transfers")
_DASHBOARD_OF: Final = {"express": "express", "standard": "full", "custom": "none"}
_COUNTRY_CHARS: Final = 2
_COLLECTING: Final = (
    "with requirement_collection=application, fees.payer and losses.payments must be application "
    "and stripe_dashboard.type none"
)
_EXPRESS: Final = (
    "with stripe_dashboard.type=express, fees.payer and losses.payments must be application"
)
_FULL: Final = (
    "with stripe_dashboard.type=full, fees.payer must be account and losses.payments stripe"
)
_NONE: Final = (
    "with stripe_dashboard.type=none and losses.payments=application, requirement_collection must "
    "be application"
)
Problems = list[tuple[str, str]]


def check_shape(
    *,
    account_type: str | None = None,
    controller: Mapping[str, str] | None = None,
    country: str | None = None,
    business_type: str | None = None,
    capabilities: Sequence[str] | None = None,
) -> AccountShape:
    """Return the shape, or name every field that is wrong with it.

    Without capabilities it asks for the usual two, except for accounts with the full dashboard:
    to those Stripe gives them by country. An empty controller is none.

    Raises:
        InputRefused: with `type`, `controller`, `controller.<property>`, `country`,
            `businessType` or `capabilities` as the field.
    """
    controller = controller or {}
    problems = [*_wrong_kind(account_type, controller), *_wrong_country(country)]
    if business_type is not None and business_type not in BUSINESS_TYPES:
        problems.append(("businessType", f"must be one of {_listed(BUSINESS_TYPES)}"))
    dashboard = dashboard_of(account_type, controller)
    if capabilities is None:
        capabilities = () if dashboard == "full" else USUAL_CAPABILITIES
    problems += _wrong_capabilities(capabilities, dashboard)
    if problems:
        raise InputRefused(problems)
    return AccountShape(
        type=account_type,
        controller=dict(controller),
        country=country,
        business_type=business_type,
        capabilities=tuple(capabilities),
    )


def check_capabilities(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names, or say which of them Stripe does not know. None at all is fine.

    Raises:
        InputRefused: with `capabilities` as the field.
    """
    problems = _wrong_capabilities(names, None)
    if problems:
        raise InputRefused(problems)
    return tuple(names)


def dashboard_of(account_type: str | None, controller: Mapping[str, str]) -> str | None:
    """Return which of Stripe's dashboards such an account has; None for an unknown type."""
    if controller:
        return controller.get(DASHBOARD, CONTROLLER_WORDS[DASHBOARD][0])
    return _DASHBOARD_OF.get(account_type or "")


def _wrong_kind(account_type: str | None, controller: Mapping[str, str]) -> Problems:
    if bool(account_type) == bool(controller):
        return [("type", "give either a type or a controller, and not both")]
    if not controller:
        if account_type in TYPES:
            return []
        return [("type", "must be express, standard or custom")]
    problems = []
    for name, word in controller.items():
        if name not in CONTROLLER_WORDS:
            problems.append(("controller", f"each part is one of {_listed(CONTROLLER_WORDS)}"))
        elif word not in CONTROLLER_WORDS[name]:
            problems.append((f"controller.{name}", f"must be {_either(CONTROLLER_WORDS[name])}"))
    return problems or _wrong_mix(controller)


def _wrong_mix(controller: Mapping[str, str]) -> Problems:
    """Name the mixes of properties that Stripe makes no accounts with."""
    given = {name: controller.get(name, words[0]) for name, words in CONTROLLER_WORDS.items()}
    pays, loses, collects, dashboard = (given[name] for name in CONTROLLER_WORDS)
    ours = pays == loses == "application"
    rules = (
        (collects == "application" and not (ours and dashboard == "none"), _COLLECTING),
        (dashboard == "express" and not ours, _EXPRESS),
        (dashboard == "full" and (pays == "application" or loses == "application"), _FULL),
        (dashboard == "none" and collects == "stripe" and loses == "application", _NONE),
    )
    return [("controller", wrong) for holds, wrong in rules if holds][:1]


def _wrong_country(country: str | None) -> Problems:
    if country is None or (
        len(country) == _COUNTRY_CHARS
        and country.isascii()
        and country.isalpha()
        and country.isupper()
    ):
        return []
    return [("country", "must be a two-letter country code such as US")]


def _wrong_capabilities(capabilities: Sequence[str], dashboard: str | None) -> Problems:
    unknown = sorted({name for name in capabilities if name not in CAPABILITIES})
    problems = [("capabilities", f"{name} is no capability of Stripe's") for name in unknown]
    if len(set(capabilities)) != len(capabilities):
        problems.append(("capabilities", "each may be named once"))
    if dashboard == "none" and not capabilities:
        problems.append(("capabilities", "must be asked for where Stripe shows no dashboard"))
    return problems


def _listed(words: Sequence[str] | Mapping[str, object]) -> str:
    return ", ".join(words)


def _either(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
