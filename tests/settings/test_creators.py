"""Who decides whether a creator is known, and where creators end: read together or not at all."""

import base64
from datetime import timedelta

import pytest

from aboard.core.errors import SettingsRefused
from aboard.core.kyc import KycMethod
from aboard.core.owner import Mode
from aboard.settings import Settings, load_settings
from tests.settings.test_settings import GOOD

SECRETS = ["whsec_" + base64.b64encode(bytes([n]) * 24).decode() for n in (1, 2)]
WEBHOOK = {
    "KYC": "webhook",
    "KYC_PROVIDER": "idcheck",
    "KYC_REDIRECT_URL": "https://id.example/go/{sessionId}?from=us",
    "KYC_WEBHOOK_SECRETS": ",".join(SECRETS),
}


def load(**changes: str) -> Settings:
    return load_settings(GOOD | {f"ABOARD_{name}": value for name, value in changes.items()})


def test_nobody_is_checked_unless_somebody_says_so() -> None:
    settings = load()
    assert settings.kyc.method is KycMethod.NONE
    assert settings.kyc_provider is None
    assert (settings.creator_upgrade, settings.kyc_starts, settings.bio_page_url) == (
        True,
        True,
        "",
    )


def test_an_operator_decides() -> None:
    settings = load(KYC="manual", KYC_LIFETIME_DAYS="365", KYC_STARTS="false")
    assert settings.kyc.method is KycMethod.MANUAL
    assert settings.kyc.lifetime == timedelta(days=365)
    assert not settings.kyc_starts


def test_a_provider_decides() -> None:
    settings = load(**WEBHOOK, KYC_SESSION_SECONDS="600")
    provider = settings.kyc_provider
    assert provider is not None
    assert settings.kyc.session_length == timedelta(minutes=10)
    assert provider.name == "idcheck"
    assert provider.address_of("kyc_1") == "https://id.example/go/kyc_1?from=us"
    assert [secret.reveal() for secret in provider.secrets] == SECRETS
    assert SECRETS[0] not in repr(settings)


@pytest.mark.parametrize(
    ("changes", "name", "words"),
    [
        ({"KYC": "maybe"}, "KYC", "none, manual, webhook"),
        ({"KYC": "webhook"}, "KYC_REDIRECT_URL", "{sessionId}"),
        ({"KYC": "webhook"}, "KYC_WEBHOOK_SECRETS", "is missing"),
        # A provider that nobody listens to would let everybody pass.
        ({"KYC_WEBHOOK_SECRETS": SECRETS[0]}, "KYC", "must be webhook"),
        ({"KYC": "manual", "KYC_REDIRECT_URL": "https://x/{sessionId}"}, "KYC", "must be webhook"),
        ({**WEBHOOK, "KYC_WEBHOOK_SECRETS": "whsec_short"}, "KYC_WEBHOOK_SECRETS", "base64"),
        ({**WEBHOOK, "KYC_WEBHOOK_SECRETS": "words" * 9}, "KYC_WEBHOOK_SECRETS", "whsec_"),
        ({**WEBHOOK, "KYC_WEBHOOK_SECRETS": "whsec_" + "é" * 40}, "KYC_WEBHOOK_SECRETS", "base64"),
        ({**WEBHOOK, "KYC_PROVIDER": " \n"}, "KYC_PROVIDER", "printable"),
        ({**WEBHOOK, "KYC_PROVIDER": "x" * 61}, "KYC_PROVIDER", "printable"),
        ({**WEBHOOK, "KYC_REDIRECT_URL": "https://id.example/go"}, "KYC_REDIRECT_URL", "once"),
        (
            {**WEBHOOK, "KYC_REDIRECT_URL": "https://x/{sessionId}{sessionId}"},
            "KYC_REDIRECT_URL",
            "once",
        ),
        ({**WEBHOOK, "KYC_REDIRECT_URL": "http://x/{sessionId}"}, "KYC_REDIRECT_URL", "https"),
        ({**WEBHOOK, "KYC_REDIRECT_URL": "https://{sessionId}/"}, "KYC_REDIRECT_URL", "https"),
        ({**WEBHOOK, "KYC_REDIRECT_URL": "https://a@x/{sessionId}"}, "KYC_REDIRECT_URL", "https"),
        ({**WEBHOOK, "KYC_REDIRECT_URL": "https://x/ {sessionId}"}, "KYC_REDIRECT_URL", "address"),
        ({**WEBHOOK, "KYC_REDIRECT_URL": "https://[x/{sessionId}"}, "KYC_REDIRECT_URL", "address"),
        ({"KYC_LIFETIME_DAYS": "-1"}, "KYC_LIFETIME_DAYS", "whole number"),
        ({"KYC_SESSION_SECONDS": "1"}, "KYC_SESSION_SECONDS", "whole number"),
        ({"KYC_STARTS": "perhaps"}, "KYC_STARTS", "true or false"),
        ({"CREATOR_UPGRADE": "perhaps"}, "CREATOR_UPGRADE", "true or false"),
        ({"BIO_PAGE_URL": "https://x/creators"}, "BIO_PAGE_URL", "{creatorId}"),
        ({"CREATOR_RETURN_URL": "http://localhost:3000/{kind}"}, "CREATOR_RETURN_URL", "URL"),
    ],
)
def test_what_makes_no_sense_is_told_by_its_name(
    changes: dict[str, str], name: str, words: str
) -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load(**changes)
    told = [problem for problem in refusal.value.problems if problem.startswith(f"ABOARD_{name}:")]
    assert any(words in problem for problem in told), refusal.value.problems
    assert not any(secret in problem for secret in SECRETS for problem in refusal.value.problems)


def test_at_loopback_a_provider_may_be_played() -> None:
    played = {**WEBHOOK, "KYC_REDIRECT_URL": "http://localhost:9/{sessionId}"}
    assert load(**played).kyc_provider is not None


def test_an_address_may_tell_the_mode() -> None:
    settings = load(
        CREATOR_RETURN_URL="http://localhost:3000/{mode}/done",
        CREATOR_REFRESH_URL="http://localhost:3000/again",
    )
    assert settings.creator_return_urls == {
        mode: f"http://localhost:3000/{mode}/done" for mode in Mode
    }
    assert set(settings.creator_refresh_urls.values()) == {"http://localhost:3000/again"}
