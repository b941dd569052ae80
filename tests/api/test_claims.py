"""Are the claims of every issuer read as its operator says, and nothing more into them?"""

from typing import Any

import pytest

from aboard.core.caller import Caller, Role
from aboard.core.errors import Unauthenticated
from aboard.web.claims import ClaimRules, Demand, read_caller

SAID = {"sub": "ada"}


def read(said: dict[str, Any], **rules: Any) -> Caller:  # noqa: ANN401 - any rule
    return read_caller({**SAID, **said}, ClaimRules(**rules))


def refusal(said: dict[str, Any], **rules: Any) -> str:  # noqa: ANN401 - any rule
    with pytest.raises(Unauthenticated) as caught:
        read(said, **rules)
    return caught.value.check


# What each issuer says, by which rules it is read, and which roles follow.
SHAPES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Role]]] = [
    (
        "keycloak: organizations by alias, roles of the realm",
        {
            "organization": {"acme": {"id": "7"}, "beta": {"id": "8"}},
            "realm_access": {"roles": ["offline_access", "org-admin"]},
        },
        {
            "organizations_claim": "organization",
            "role_claim": "realm_access.roles",
            "roles": {"org-admin": Role.ADMIN},
        },
        {"acme": Role.ADMIN, "beta": Role.ADMIN},
    ),
    (
        "keycloak: organizations as a list, roles of a client with dots in its name",
        {
            "organization": ["acme"],
            "resource_access": {"my.client": {"roles": ["finance"]}},
        },
        {"organizations_claim": "organization", "role_claim": "resource_access.my.client.roles"},
        {"acme": Role.FINANCE},
    ),
    (
        "auth0: one organization, roles in a claim that is an address",
        {"org_id": "org_1", "https://p.example/roles": ["support", "owner"]},
        {"organizations_claim": "org_id", "role_claim": "https://p.example/roles"},
        {"org_1": Role.OWNER},
    ),
    (
        "entra: the directory is the organization, app roles",
        {"tid": "9f", "roles": ["Payouts.Admin"]},
        {
            "organizations_claim": "tid",
            "role_claim": "roles",
            "roles": {"Payouts.Admin": Role.ADMIN},
        },
        {"9f": Role.ADMIN},
    ),
    (
        "cognito: a claim with a colon, groups as roles",
        {"custom:organization": "org_1", "cognito:groups": ["sellers", "finance"]},
        {"organizations_claim": "custom:organization", "role_claim": "cognito:groups"},
        {"org_1": Role.FINANCE},
    ),
    (
        "supabase: objects in the metadata of the application",
        {
            "app_metadata": {
                "organizations": [
                    {"id": "org_1", "role": "owner"},
                    {"id": "org_2", "role": "viewer"},
                    {"id": "org_3", "role": None},
                ],
            },
            "role": "authenticated",
        },
        {"organizations_claim": "app_metadata.organizations"},
        {"org_1": Role.OWNER},
    ),
    (
        "objects with keys of their own",
        {"orgs": [{"org": {"id": "org_1"}, "as": {"word": ["x", "boss"]}}]},
        {
            "organizations_claim": "orgs",
            "id_key": "org.id",
            "role_key": "as.word",
            "roles": {"boss": Role.OWNER},
        },
        {"org_1": Role.OWNER},
    ),
    (
        "an object whose values are lists",
        {"organizations": {"org_1": ["support", "admin"], "org_2": []}},
        {},
        {"org_1": Role.ADMIN},
    ),
    (
        "one organization twice: the stronger role",
        {"organizations": [{"id": "a", "role": "admin"}, {"id": "a", "role": "support"}]},
        {},
        {"a": Role.ADMIN},
    ),
    (
        "a literal name goes before a path",
        {"a.b": {"org_1": "owner"}, "a": {"b": {"org_2": "owner"}}},
        {"organizations_claim": "a.b"},
        {"org_1": Role.OWNER},
    ),
    (
        "a path that leads nowhere",
        {"a": {"c": 1}, "a.b": "x"},
        {"organizations_claim": "a.b.c"},
        {},
    ),
    (
        "with a table of words, our own words are strangers",
        {"organizations": {"org_1": "owner", "org_2": "chief"}},
        {"roles": {"chief": Role.OWNER}},
        {"org_2": Role.OWNER},
    ),
    (
        "a role of its own that is nothing is none, whatever holds for all",
        {"organizations": [{"id": "a", "role": None}], "role": "owner"},
        {},
        {},
    ),
    (
        "a role of its own, even an unknown one, goes before the role for all",
        {"organizations": [{"id": "a", "role": "guest"}, {"id": "b"}], "role": "owner"},
        {},
        {"b": Role.OWNER},
    ),
]


@pytest.mark.parametrize(
    ("said", "rules", "roles"), [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES]
)
def test_every_shape(said: dict[str, Any], rules: dict[str, Any], roles: dict[str, Role]) -> None:
    assert read(said, **rules) == Caller("ada", roles)


@pytest.mark.parametrize(
    ("said", "check"),
    [
        ({"organizations": [{"role": "owner"}]}, "organizations"),
        ({"organizations": [{"id": 7, "role": "owner"}]}, "organizations"),
        ({"organizations": [["org_1"]]}, "organizations"),
        ({"organizations": ["a"] * 1001}, "organizations"),
        ({"organizations": True}, "organizations"),
        ({"organizations": {"a": ["owner", 7]}}, "role"),
        ({"organizations": {"a": True}}, "role"),
        ({"organizations": ["a"], "role": {"b": 1}}, "role"),
        ({"organizations": {"a": ["x"] * 1001}}, "role"),
        ({"organizations": {"a\u0000": "owner"}}, "organizations"),
        ({"organizations": {"\ud800": "owner"}}, "organizations"),
    ],
)
def test_shapes_that_nobody_reads(said: dict[str, Any], check: str) -> None:
    assert refusal(said) == check


class TestTheUser:
    def test_under_another_name_or_at_a_path(self) -> None:
        assert read({"uid": "eve"}, user_claim="uid").user_id == "eve"
        assert read({"user": {"id": "eve"}}, user_claim="user.id").user_id == "eve"

    @pytest.mark.parametrize("word", ["", 7, True, ["ada"], {"id": "ada"}, "a" * 256, "a\u202eb"])
    def test_what_is_no_name(self, word: object) -> None:
        assert refusal({"uid": word}, user_claim="uid") == "sub"

    def test_missing_means_nobody_whatever_sub_says(self) -> None:
        assert refusal({}, user_claim="uid") == "missing_claim"


DEMANDS = [
    ("scope=payments", {"scope": "openid payments"}, True),
    ("scope=payments", {"scope": ["openid", "payments"]}, True),
    ("scope=payments:write", {"scope": "payments:write"}, True),
    ("scope=payments", {"scope": "payments:write"}, False),
    ("scope=payments", {"scope": "PAYMENTS"}, False),
    ("scope=payments", {"scope": {"payments": True}}, False),
    ("scope=payments", {}, False),
    ("email_verified", {"email_verified": True}, True),
    ("email_verified", {"email_verified": "true"}, False),
    ("email_verified", {"email_verified": 1}, False),
    ("realm_access.roles=staff", {"realm_access": {"roles": ["staff"]}}, True),
]


@pytest.mark.parametrize(("demand", "said", "is_met"), DEMANDS)
def test_demands(demand: str, said: dict[str, Any], is_met: bool) -> None:  # noqa: FBT001 - a column of the table
    claim, _, word = demand.partition("=")
    wanted = Demand(claim, word or None)
    assert read(said, operator=wanted).is_operator is is_met
    if is_met:
        assert read(said, required=(wanted,)).user_id == "ada"
    else:
        assert refusal(said, required=(wanted,)) == "required"
