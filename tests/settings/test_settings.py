"""Settings that make no sense are refused at start, all at once, with the reason and the remedy."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from aboard.core.caller import Role
from aboard.core.errors import SettingsRefused
from aboard.core.owner import Mode, OwnerKind
from aboard.settings import NAMES, Settings, load_settings

GOOD = {
    "ABOARD_TEST_SECRET_KEY": "sk_test_aboard_words",
    "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": "whsec_platform_words",
    "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": "whsec_connect_words,whsec_older_words",
    "ABOARD_STATE_KEYS": "k2:state-words-state-words-32-bytes,k1:older-words-older-words-twice-32",
    "ABOARD_TOKEN_SECRETS": "token-words-token-words-token-words",
    "ABOARD_ADDRESSES": "https://shop.example/connect, http://localhost:3000",
    "ABOARD_CREATOR_RETURN_URL": "http://localhost:3000/done",
    "ABOARD_CREATOR_REFRESH_URL": "http://localhost:3000/again",
}


def load(**changes: str | None) -> Settings:
    environ = {**GOOD, **{f"ABOARD_{name}": value for name, value in changes.items()}}
    return load_settings({name: value for name, value in environ.items() if value is not None})


def refusal(environ: Mapping[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsRefused) as caught:
        load_settings(environ)
    return caught.value.problems


def test_the_smallest_set_that_makes_sense() -> None:
    settings = load()
    assert settings.public_url == "http://localhost:4242"
    assert settings.state_keys.current == "k2"
    assert list(settings.state_keys.keys) == ["k2", "k1"]
    assert len(settings.stripe[Mode.TEST].connect_webhook_secrets) == 2
    assert Mode.LIVE not in settings.stripe
    assert settings.shapes[(OwnerKind.CREATOR, Mode.TEST)].type == "express"
    assert settings.creator_limit == 10
    assert settings.status_timeout == timedelta(seconds=8)


def test_nothing_at_all_names_every_missing_setting() -> None:
    problems = "\n".join(refusal({}))
    for name in (
        "TEST_SECRET_KEY",
        "STATE_KEYS",
        "TOKEN_SECRETS",
        "ADDRESSES",
    ):
        assert f"ABOARD_{name}: " in problems


REFUSED = [
    ({"TEST_SECRET_KEY": "sk_live_words"}, "is not a test-mode key"),
    ({"STATUS_TIMEOUT_SECONDS": "0"}, "ABOARD_STATUS_TIMEOUT_SECONDS"),
    ({"STATUS_TIMEOUT_SECONDS": "31"}, "ABOARD_STATUS_TIMEOUT_SECONDS"),
    ({"LIVE_SECRET_KEY": "sk_test_words"}, "is not a live-mode key"),
    ({"TEST_SECRET_KEY": "pk_test_words"}, "is not a test-mode key"),
    ({"TEST_API_BASE": "http://stripe.example"}, "must be https outside loopback"),
    ({"TEST_API_BASE": "stripe.example"}, "is not an http(s) address"),
    ({"TEST_CLIENT_ID": "acct_words"}, "must start with ca_"),
    ({"TEST_CONNECT_BASE": "http://connect.example"}, "must be https outside loopback"),
    ({"TEST_CONNECT_BASE": "connect.example"}, "is not an http(s) address"),
    ({"TEST_PLATFORM_WEBHOOK_SECRETS": None}, "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS: is missing"),
    ({"TEST_CONNECT_WEBHOOK_SECRETS": ""}, "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS: is missing"),
    ({"TEST_CONNECT_WEBHOOK_SECRETS": "words"}, "must be signing secrets"),
    ({"STATE_KEYS": "k1:short"}, "shorter than 32"),
    ({"STATE_KEYS": "words-without-a-key-id-that-are-long-enough"}, "key"),
    ({"TOKEN_SECRETS": "short"}, "at least 32"),
    ({"TOKEN_JWKS_URL": "https://id.example/keys"}, "not both"),
    ({"TOKEN_SECRETS": None, "TOKEN_JWKS_URL": "http://id.example/keys"}, "https outside loopback"),
    ({"TOKEN_SECRETS": None, "TOKEN_JWKS_URL": "https://id.example/keys"}, "TOKEN_AUDIENCE"),
    ({"TOKEN_SECRETS": None}, "ABOARD_TOKEN_SECRETS: is missing"),
    ({"TOKEN_SECRETS": None, "TOKEN_ISSUER": "https://id.example"}, "TOKEN_AUDIENCE"),
    (
        {"TOKEN_SECRETS": None, "TOKEN_ISSUER": "http://id.example", "TOKEN_AUDIENCE": "a"},
        "https outside loopback",
    ),
    (
        {"TOKEN_SECRETS": None, "TOKEN_ISSUER": "id.example", "TOKEN_AUDIENCE": "a"},
        "must be an https address",
    ),
    (
        {"TOKEN_SECRETS": None, "TOKEN_ISSUER": "https://[id", "TOKEN_AUDIENCE": "a"},
        "is not an address",
    ),
    (
        {"TOKEN_SECRETS": None, "TOKEN_ISSUER": "https://id.example/?a", "TOKEN_AUDIENCE": "a"},
        "without query",
    ),
    ({"TOKEN_SKEW_SECONDS": "301"}, "TOKEN_SKEW_SECONDS"),
    ({"TOKEN_ROLES": "org-admin"}, "must be like org-admin=admin"),
    ({"TOKEN_ROLES": "org-admin=king"}, "must be like org-admin=admin"),
    ({"TOKEN_ROLES": "a=admin,a=owner"}, "names one word twice"),
    ({"TOKEN_REQUIRED": "=payments"}, "must be a claim, or `claim=word`"),
    ({"TOKEN_REQUIRED": "scope="}, "must be a claim, or `claim=word`"),
    ({"TOKEN_OPERATOR_CLAIM": ""}, "must be a claim, or `claim=word`"),
    (
        {"TOKEN_OPERATOR_CLAIM": "groups=staff", "TOKEN_REQUIRED": "scope=a,groups=staff"},
        "everybody would be one",
    ),
    ({"TRUSTED_PROXIES": "10.0.0.1,*"}, "must be addresses or networks"),
    ({"TRUSTED_PROXIES": "0.0.0.0/0"}, "must name your proxies"),
    ({"TOKEN_USER_CLAIM": "a" * 201}, "must be the name of a claim"),
    ({"ADDRESSES": "shop.example"}, "absolute http"),
    ({"ADDRESSES": "https://user@shop.example"}, "credentials"),
    ({"CREATOR_RETURN_URL": "https://evil.example/"}, "allow-list"),
    ({"CREATOR_MODE": "live"}, "https in live mode"),
    ({"CREATOR_MODE": "production"}, "ABOARD_CREATOR_MODE"),
    ({"PUBLIC_URL": "http://aboard.example"}, "https outside loopback"),
    ({"PUBLIC_URL": "aboard.example"}, "ABOARD_PUBLIC_URL"),
    ({"BRAND_NAME": " "}, "ABOARD_BRAND_NAME: must have"),
    ({"BRAND_NAME": "words" * 13}, "1 to 60 printable"),
    ({"BRAND_COLOR": "teal"}, "ABOARD_BRAND_COLOR: must be a colour"),
    ({"BRAND_COLOR_DARK": "#fff"}, "ABOARD_BRAND_COLOR_DARK: must be a colour"),
    ({"BRAND_COLOR": "#12345g"}, "must be a colour"),
    ({"BRAND_LOGO_URL": "http://shop.example/logo.svg"}, "ABOARD_BRAND_LOGO_URL: must be https"),
    ({"BRAND_LOGO_URL": "https://shop.example/;script-src *"}, "do not belong"),
    ({"BRAND_LOGO_URL": "data:image/svg+xml;base64,"}, "ABOARD_BRAND_LOGO_URL: "),
    ({"SIGN_IN_URL": "javascript:alert(1)"}, "ABOARD_SIGN_IN_URL: must be https"),
    ({"SIGN_IN_URL": "mailto:help@shop.example"}, "ABOARD_SIGN_IN_URL: must be https"),
    ({"SUPPORT_URL": "shop.example/help"}, "must be https, or mailto:"),
    ({"SUPPORT_URL": "https://[shop"}, "ABOARD_SUPPORT_URL: "),
    ({"PORT": "80a"}, "whole number"),
    ({"PORT": "70000"}, "from 0 to 65535"),
    ({"CREATOR_LIMIT": "-1"}, "whole number"),
    ({"WEBHOOKS": "maybe"}, "true or false"),
    ({"STATE_KEYS": "k1:demo-words-demo-words-demo-words-demo", "HOST": "0.0.0.0"}, "the demo's"),  # noqa: S104 -- that is what is refused
    ({"PUBLC_URL": "http://localhost"}, "there is no such setting"),
]


@pytest.mark.parametrize(("changes", "said"), REFUSED, ids=[str(row[0])[:60] for row in REFUSED])
def test_what_makes_no_sense_is_refused_with_the_reason(
    changes: Mapping[str, str | None], said: str
) -> None:
    with pytest.raises(SettingsRefused) as caught:
        load(**changes)
    assert said in "\n".join(caught.value.problems)


def test_no_problem_repeats_a_secret() -> None:
    with pytest.raises(SettingsRefused) as caught:
        load(
            TEST_SECRET_KEY="sk_live_do-not-show-me",
            STATE_KEYS="k1:do-not-show-me",
            TOKEN_SECRETS="do-not-show-me",
            TEST_CONNECT_WEBHOOK_SECRETS="do-not-show-me",
        )
    assert "do-not-show-me" not in str(caught.value)
    assert "do-not-show-me" not in repr(caught.value)


def test_a_setting_without_webhooks_needs_no_signing_secrets() -> None:
    settings = load(
        WEBHOOKS="off",
        TEST_PLATFORM_WEBHOOK_SECRETS=None,
        TEST_CONNECT_WEBHOOK_SECRETS=None,
    )
    assert not settings.webhooks


def test_a_secret_may_come_from_a_file_that_is_private(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk_test_from_file_words\n")
    file.chmod(0o600)
    settings = load(TEST_SECRET_KEY=None, TEST_SECRET_KEY_FILE=str(file))
    assert settings.stripe[Mode.TEST].secret_key.reveal() == "sk_test_from_file_words"
    file.chmod(0o644)
    with pytest.raises(SettingsRefused, match="everybody can read"):
        load(TEST_SECRET_KEY=None, TEST_SECRET_KEY_FILE=str(file))
    with pytest.raises(SettingsRefused, match="cannot be read"):
        load(TEST_SECRET_KEY=None, TEST_SECRET_KEY_FILE=str(tmp_path / "missing"))


def test_a_toml_file_and_the_environment_over_it(tmp_path: Path) -> None:
    file = tmp_path / "aboard.toml"
    file.write_text('port = 8000\ncreator_limit = 20\naddresses = ["http://localhost:3000"]\n')
    settings = load(CONFIG=str(file), PORT="9000", ADDRESSES=None)
    assert (settings.port, settings.creator_limit) == (9000, 20)
    assert [row.host for row in settings.addresses.allowed] == ["localhost"] * 2  # and our pages
    file.write_text("port = ")
    with pytest.raises(SettingsRefused, match="ABOARD_CONFIG"):
        load(CONFIG=str(file))


def test_every_name_is_unique_and_explained() -> None:
    assert len({row.name for row in NAMES}) == len(NAMES)
    assert all(row.help.endswith(".") for row in NAMES)


def test_creators_end_on_our_own_pages_unless_the_platform_has_some() -> None:
    settings = load(CREATOR_RETURN_URL=None, CREATOR_REFRESH_URL=None)
    own = "http://localhost:4242/connect/creator"
    assert settings.creator_return_urls == {mode: f"{own}/{mode}/back" for mode in Mode}
    assert settings.creator_refresh_urls == {mode: f"{own}/{mode}" for mode in Mode}
    own_page = "http://localhost:4242/connect/organizations/org_1/test"
    assert settings.addresses.check(own_page, Mode.TEST, "returnUrl") == own_page


def test_a_platforms_own_brand() -> None:
    assert load().brand.name == "Aboard"
    assert load().brand.color_dark == "#5cc3cf"
    brand = load(
        BRAND_NAME="Harbour Market",
        BRAND_COLOR="#FFCC00",
        BRAND_LOGO_URL="https://shop.example/logo.svg",
        SIGN_IN_URL="http://localhost:3000/sign-in?next=stripe",
        SUPPORT_URL="mailto:help@shop.example",
    ).brand
    assert (brand.name, brand.color, brand.color_dark) == ("Harbour Market", "#ffcc00", "#ffcc00")
    assert brand.logo_url == "https://shop.example/logo.svg"
    assert brand.sign_in_url == "http://localhost:3000/sign-in?next=stripe"
    assert brand.support_url == "mailto:help@shop.example"


@pytest.mark.parametrize(
    ("changes", "base"),
    [
        ({}, "https://connect.stripe.com"),
        ({"TEST_API_BASE": "http://localhost:12111/"}, "http://localhost:12111"),
        ({"TEST_CONNECT_BASE": "http://localhost:12112/"}, "http://localhost:12112"),
        (
            {
                "TEST_API_BASE": "https://gateway.example",
                "TEST_CONNECT_BASE": "https://connect.stripe.com",
            },
            "https://connect.stripe.com",
        ),
    ],
)
def test_oauth_is_where_the_api_is_unless_that_is_stripe(
    changes: Mapping[str, str], base: str
) -> None:
    assert load(**changes).stripe[Mode.TEST].oauth.base == base


def test_a_client_id_is_kept_and_is_not_needed() -> None:
    assert load().stripe[Mode.TEST].oauth.client_id is None
    assert load(TEST_CLIENT_ID="ca_words").stripe[Mode.TEST].oauth.client_id == "ca_words"


def test_an_issuer_alone_is_enough_and_its_claims_are_read_as_told() -> None:
    trust = load(
        TOKEN_SECRETS=None,
        TOKEN_ISSUER="https://id.example/realms/shop/",
        TOKEN_AUDIENCE="aboard",
        TOKEN_TYPES="application/at+JWT",
        TOKEN_ROLES="org=admin=admin, boss=owner",
        TOKEN_REQUIRED="scope=payments:write, email_verified",
        TOKEN_OPERATOR_CLAIM="realm_access.roles=staff",
    ).tokens
    assert trust.is_published
    assert trust.issuer == "https://id.example/realms/shop/"
    assert trust.types == {"at+jwt"}
    assert trust.roles == {"org=admin": Role.ADMIN, "boss": Role.OWNER}
    assert trust.required == (("scope", "payments:write"), ("email_verified", None))
    assert trust.operator == ("realm_access.roles", "staff")
    assert trust.skew == timedelta(seconds=30)
