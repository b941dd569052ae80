"""Do people sign in here, and which combinations make no sense?"""

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.identity import Registration
from tests.settings.test_settings import load

MAIL = {"MAIL_HOST": "smtp.shop.example", "MAIL_FROM": "no-reply@shop.example"}
KEY_SET = {
    "TOKEN_SECRETS": None,
    "TOKEN_JWKS_URL": "https://id.shop.example/keys",
    "TOKEN_ISSUER": "https://id.shop.example",
    "TOKEN_AUDIENCE": "aboard",
}
PUBLIC = {"PUBLIC_URL": "https://aboard.shop.example"}


def test_nobody_signs_in_without_a_word() -> None:
    assert load().registration is Registration.OFF


@pytest.mark.parametrize(
    ("word", "changes"),
    [("off", KEY_SET), ("closed", PUBLIC), ("confirmed", {**PUBLIC, **MAIL}), ("open", {})],
)
def test_what_holds(word: str, changes: dict[str, str | None]) -> None:
    assert load(REGISTRATION=word, **changes).registration.value == word


@pytest.mark.parametrize(
    ("word", "changes", "remedy"),
    [
        ("words", {}, "must be one of: off, closed, confirmed, open"),
        ("OPEN", {}, "must be one of"),
        ("", {}, "must be one of"),
        ("closed", KEY_SET, "must be off with ABOARD_TOKEN_JWKS_URL: your issuer's users"),
        ("open", KEY_SET, "must be off with ABOARD_TOKEN_JWKS_URL"),
        ("closed", {"TOKEN_SECRETS": None}, "needs ABOARD_TOKEN_SECRETS"),
        ("confirmed", {}, "only with ABOARD_MAIL_HOST"),
        ("open", PUBLIC, "must not be open outside loopback"),
        ("open", {"HOST": "0.0.0.0"}, "must not be open outside loopback"),  # noqa: S104 - refused
        ("open", {"HOST": "::"}, "must not be open outside loopback"),
    ],
)
def test_what_is_refused(word: str, changes: dict[str, str | None], remedy: str) -> None:
    with pytest.raises(SettingsRefused) as caught:
        load(REGISTRATION=word, **changes)
    problems = [each for each in caught.value.problems if "ABOARD_REGISTRATION: " in each]
    assert len(problems) == 1
    assert remedy in problems[0]
    assert "token-words" not in str(caught.value)
