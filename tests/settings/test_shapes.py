"""How accounts are made by the settings: for both modes, with a mode's own word over it."""

from collections.abc import Mapping

import pytest

from aboard.core.account import AccountShape
from aboard.core.errors import SettingsRefused
from aboard.core.owner import Mode, OwnerKind
from tests.settings.test_settings import load

EXPRESS_CONTROLLER = (
    "fees.payer=application,losses.payments=application,stripe_dashboard.type=express"
)


def shape(mode: Mode = Mode.TEST, **changes: str | None) -> AccountShape:
    return load(**changes).shapes[(OwnerKind.ORGANIZATION, mode)]


def test_every_kind_has_a_shape_in_every_mode() -> None:
    assert dict(load().shapes) == {
        (kind, mode): AccountShape("express") for kind in OwnerKind for mode in Mode
    }


def test_standard_accounts_ask_for_no_capabilities_unless_told_to() -> None:
    assert shape(ORGANIZATION_ACCOUNT_TYPE="standard").capabilities == ()
    told = shape(ORGANIZATION_ACCOUNT_TYPE="standard", ORGANIZATION_CAPABILITIES="transfers")
    assert told.capabilities == ("transfers",)
    custom = shape(ORGANIZATION_ACCOUNT_TYPE="custom", ORGANIZATION_CAPABILITIES="transfers")
    assert custom.capabilities == ("transfers",)


def test_controller_properties_replace_the_type() -> None:
    made = shape(ORGANIZATION_CONTROLLER=EXPRESS_CONTROLLER)
    assert made.type is None
    assert made.controller == {
        "fees.payer": "application",
        "losses.payments": "application",
        "stripe_dashboard.type": "express",
    }


class TestOneModeAlone:
    def test_its_own_word_counts_there_and_nowhere_else(self) -> None:
        changes = {
            "ORGANIZATION_COUNTRY": "PT",
            "ORGANIZATION_TEST_ACCOUNT_TYPE": "custom",
            "ORGANIZATION_TEST_COUNTRY": "DE",
            "ORGANIZATION_TEST_CAPABILITIES": "transfers",
        }
        assert shape(Mode.TEST, **changes) == AccountShape(
            "custom", country="DE", capabilities=("transfers",)
        )
        assert shape(Mode.LIVE, **changes) == AccountShape("express", country="PT")

    def test_a_type_of_its_own_replaces_the_controller_of_both(self) -> None:
        changes = {
            "ORGANIZATION_CONTROLLER": EXPRESS_CONTROLLER,
            "ORGANIZATION_LIVE_ACCOUNT_TYPE": "standard",
        }
        assert shape(Mode.LIVE, **changes) == AccountShape("standard", capabilities=())
        assert shape(Mode.TEST, **changes).type is None

    def test_a_controller_of_its_own_replaces_the_type_of_both(self) -> None:
        changes = {
            "ORGANIZATION_ACCOUNT_TYPE": "standard",
            "ORGANIZATION_TEST_CONTROLLER": EXPRESS_CONTROLLER,
        }
        made = shape(Mode.TEST, **changes)
        assert (made.type, len(made.controller)) == (None, 3)
        assert made.capabilities == ("card_payments", "transfers")
        assert shape(Mode.LIVE, **changes).type == "standard"

    def test_an_empty_word_takes_the_shared_one_away(self) -> None:
        changes = {"ORGANIZATION_COUNTRY": "PT", "ORGANIZATION_TEST_COUNTRY": ""}
        assert shape(Mode.TEST, **changes).country is None
        assert shape(Mode.LIVE, **changes).country == "PT"


REFUSED = [
    ({"CREATOR_ACCOUNT_TYPE": "standard"}, "CREATOR_ACCOUNT_TYPE: must be express"),
    ({"CREATOR_CONTROLLER": EXPRESS_CONTROLLER}, "CREATOR_ACCOUNT_TYPE: must be express"),
    ({"ORGANIZATION_ACCOUNT_TYPE": "fast"}, "express, standard or custom"),
    ({"ORGANIZATION_CONTROLLER": "fees.payer"}, "CONTROLLER: fees.payer must be account or"),
    ({"ORGANIZATION_CONTROLLER": "fees=application"}, "each part is one of"),
    ({"ORGANIZATION_CONTROLLER": "losses.payments=application"}, "CONTROLLER: with stripe_dash"),
    ({"ORGANIZATION_COUNTRY": "usa"}, "ORGANIZATION_COUNTRY: must be a two-letter"),
    ({"ORGANIZATION_LIVE_COUNTRY": "usa"}, "ORGANIZATION_LIVE_COUNTRY: must be a two-letter"),
    ({"ORGANIZATION_TEST_ACCOUNT_TYPE": "fast"}, "ORGANIZATION_TEST_ACCOUNT_TYPE: must be expr"),
    ({"ORGANIZATION_CAPABILITIES": "fly"}, "ORGANIZATION_CAPABILITIES: fly is no capability"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=[str(row[0])[:60] for row in REFUSED])
def test_what_makes_no_sense_is_refused_once_with_the_name(
    changes: Mapping[str, str | None], said: str
) -> None:
    with pytest.raises(SettingsRefused) as caught:
        load(**changes)
    assert said in "\n".join(caught.value.problems)
    assert len(caught.value.problems) == 1


def test_the_operators_claim_has_the_name_that_is_set() -> None:
    assert load().tokens.operator == ("aboard_operator", None)
    named = load(TOKEN_OPERATOR_CLAIM="https://p.example/staff")
    assert named.tokens.operator == ("https://p.example/staff", None)
