"""Shapes that Stripe makes pass; shapes that it never makes are refused by field."""

import itertools

import pytest

from aboard.core.account import AccountShape
from aboard.core.capabilities import CAPABILITIES
from aboard.core.errors import InputRefused
from aboard.core.shapes import COLLECTION, CONTROLLER_WORDS, DASHBOARD, FEES, LOSSES, check_shape
from aboard.sandbox.capabilities import NAMES
from aboard.sandbox.v1.account_rules import read_controller
from aboard.sandbox.wire.errors import StripeError

OURS = {FEES: "application", LOSSES: "application"}


def fields_of(**given: object) -> dict[str, str]:
    with pytest.raises(InputRefused) as caught:
        check_shape(**given)  # type: ignore[arg-type] # also what has the wrong form
    return dict(caught.value.problems)


def nested(controller: dict[str, str]) -> dict[str, object]:
    return {
        "fees": {"payer": controller[FEES]},
        "losses": {"payments": controller[LOSSES]},
        "requirement_collection": controller[COLLECTION],
        "stripe_dashboard": {"type": controller[DASHBOARD]},
    }


def is_made_by_the_sandbox(controller: dict[str, str]) -> bool:
    try:
        read_controller({"controller": nested(controller)})
    except StripeError:
        return False
    return True


def test_each_type_with_its_usual_capabilities() -> None:
    usual = ("card_payments", "transfers")
    assert check_shape(account_type="express") == AccountShape("express", capabilities=usual)
    assert check_shape(account_type="custom") == AccountShape("custom", capabilities=usual)
    assert check_shape(account_type="standard") == AccountShape("standard", capabilities=())


def test_a_controller_and_all_the_rest() -> None:
    shape = check_shape(
        controller={**OURS, DASHBOARD: "express"},
        country="PT",
        business_type="company",
        capabilities=["transfers"],
    )
    assert shape == AccountShape(
        None, {**OURS, DASHBOARD: "express"}, "PT", "company", None, ("transfers",)
    )


@pytest.mark.parametrize(
    "controller",
    [
        dict(zip(CONTROLLER_WORDS, words, strict=True))
        for words in itertools.product(*CONTROLLER_WORDS.values())
    ],
    ids=lambda controller: "-".join(controller.values()),
)
def test_every_mix_is_judged_as_stripe_judges_it(controller: dict[str, str]) -> None:
    if is_made_by_the_sandbox(controller):
        assert check_shape(controller=controller).controller == controller
    else:
        assert fields_of(controller=controller).keys() == {"controller"}


def test_what_is_left_out_is_what_stripe_takes() -> None:
    assert check_shape(controller={FEES: "account"}).capabilities == ()
    assert fields_of(controller=OURS).keys() == {"controller"}
    assert fields_of(controller={DASHBOARD: "express"}).keys() == {"controller"}


def test_type_and_controller_exclude_each_other() -> None:
    assert fields_of().keys() == {"type"}
    assert fields_of(controller={}).keys() == {"type"}
    assert fields_of(account_type="express", controller=OURS).keys() == {"type"}


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"account_type": "fast"}, "type", "express, standard or custom"),
        ({"controller": {"fees": "application"}}, "controller", "each part is one of fees.payer"),
        ({"controller": {FEES: "us"}}, f"controller.{FEES}", "account or application"),
        ({"controller": {DASHBOARD: ""}}, f"controller.{DASHBOARD}", "full, express or none"),
        ({"account_type": "express", "country": "usa"}, "country", "two-letter"),
        ({"account_type": "express", "country": "pt"}, "country", "two-letter"),
        ({"account_type": "express", "country": "ÄÖ"}, "country", "two-letter"),
        ({"account_type": "express", "country": ""}, "country", "two-letter"),
        ({"account_type": "express", "business_type": "club"}, "businessType", "non_profit"),
        ({"account_type": "express", "capabilities": ["fly"]}, "capabilities", "fly is no"),
        ({"account_type": "express", "capabilities": ["transfers"] * 2}, "capabilities", "once"),
        ({"account_type": "custom", "capabilities": []}, "capabilities", "must be asked for"),
    ],
)
def test_what_is_wrong_is_named(given: dict[str, object], field: str, said: str) -> None:
    assert said in fields_of(**given)[field]


def test_every_problem_is_named_at_once() -> None:
    wrong = fields_of(account_type="fast", country="x", business_type="y", capabilities=["z"])
    assert wrong.keys() == {"type", "country", "businessType", "capabilities"}


def test_the_names_are_those_that_the_sandbox_knows() -> None:
    assert CAPABILITIES == NAMES
    assert len(CAPABILITIES) == 70
