"""Where do creators' accounts live, where do creators end, and must the platform know them first?

Source: docs/settings.md; ADR-0018, knowing your creators.
"""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from aboard.core.errors import AddressRefused
from aboard.core.kyc import KycMethod, KycPolicy, KycProvider
from aboard.core.links import LOOPBACK, AddressRules
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.settings.sources import Sources

_LONGEST_NAME: Final = 60
_LONGEST_ADDRESS: Final = 2048
_MOST_DAYS: Final = 3650
_FEWEST_SECRET_BYTES: Final = 24
_SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - how a signing secret begins
_PROVIDERS_OWN: Final = ("KYC_REDIRECT_URL", "KYC_WEBHOOK_SECRETS")


def read_creator_addresses(
    given: Sources, name: str, own_page: str, page: str, rules: AddressRules, mode: Mode
) -> Mapping[Mode, str]:
    """Return where creators end in each mode: as set, with `{mode}` filled in, or on our own page.

    Only the usual mode's address must hold at the start; another's is checked when it is used.
    """
    template = given.text(name) or f"{own_page}/{{mode}}{page}"
    addresses = {each: template.replace("{mode}", each.value) for each in Mode}
    try:
        rules.check(addresses[mode], mode, "the address")
    except AddressRefused as refusal:
        given.problem(name, refusal.reason)
    return addresses


def read_kyc(given: Sources) -> tuple[KycPolicy, KycProvider | None]:
    """Return who decides whether a creator is known, and the provider where one does."""
    word = given.text("KYC")
    method = KycMethod(word) if word in set(KycMethod) else KycMethod.NONE
    if method.value != word:
        given.problem("KYC", f"must be one of {', '.join(KycMethod)}")
    days = given.number("KYC_LIFETIME_DAYS", 0, _MOST_DAYS)
    policy = KycPolicy(
        method,
        lifetime=timedelta(days=days) if days else None,
        session_length=given.seconds("KYC_SESSION_SECONDS", 60, 30 * 86_400),
    )
    if method is KycMethod.WEBHOOK:
        return policy, _provider(given)
    # Else everybody would pass while the platform believes that somebody looks.
    for name in _PROVIDERS_OWN:
        if given.text(name) and method.value == word:
            given.problem("KYC", f"must be webhook where ABOARD_{name} is set")
    return policy, None


def read_bio_page(given: Sources) -> str:
    """Return the address of a creator's public page with `{creatorId}` in it, or nothing."""
    template = given.text("BIO_PAGE_URL")
    if template and (problem := _problem_of(template, "{creatorId}")):
        given.problem("BIO_PAGE_URL", problem)
    return template


def _provider(given: Sources) -> KycProvider:
    name, template = given.text("KYC_PROVIDER"), given.text("KYC_REDIRECT_URL")
    if not 0 < len(name) <= _LONGEST_NAME or not name.isprintable():
        given.problem("KYC_PROVIDER", f"must have 1 to {_LONGEST_NAME} printable characters")
    if problem := _problem_of(template, "{sessionId}"):
        given.problem("KYC_REDIRECT_URL", problem)
    secrets = given.secrets("KYC_WEBHOOK_SECRETS")
    if not secrets:
        given.problem(
            "KYC_WEBHOOK_SECRETS", "is missing; the provider's news could not be believed"
        )
    elif not all(map(_is_signing_secret, secrets)):
        given.problem(
            "KYC_WEBHOOK_SECRETS",
            f"must be {_SECRET_PREFIX} and at least {_FEWEST_SECRET_BYTES} bytes in base64 each",
        )
    return KycProvider(name, template, secrets)


def _problem_of(template: str, place: str) -> str:
    """Say what is wrong with an address that has one place to fill in; nothing if nothing is."""
    before, found, after = template.partition(place)
    if not found or "{" in before + after or "}" in before + after:
        return f"must be an address with {place} in it, once"
    try:
        parts = urlsplit(template)
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
        is_whole = bool(parts.hostname) and (parts.scheme == "https" or is_local)
    except ValueError:
        return "is not an address"
    if not is_whole or "@" in parts.netloc or place in parts.netloc:
        return "must be https outside loopback, without credentials"
    is_plain = template.isascii() and template.isprintable() and not set(template) & set(" \"'<>\\")
    return "" if is_plain and len(template) <= _LONGEST_ADDRESS else "is not an address"


def _is_signing_secret(secret: Secret) -> bool:
    text = secret.reveal()
    try:
        key = b64decode(text.removeprefix(_SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return False
    return text.startswith(_SECRET_PREFIX) and len(key) >= _FEWEST_SECRET_BYTES
