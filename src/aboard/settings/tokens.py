"""Whose bearer tokens are believed, and what do their claims mean?

Source: docs/self-hosting.md, tokens of your own issuer; ADR-0019.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aboard.core.caller import Role
from aboard.core.links import LOOPBACK
from aboard.core.state import MIN_KEY_BYTES
from aboard.settings.sources import Sources
from aboard.settings.values import TokenTrust

_LONGEST_CLAIM = 200
_MOST_SKEW_SECONDS = 300


def read_tokens(given: Sources) -> TokenTrust:
    """Return whom to believe: shared secrets, or one issuer with its key set or its discovery."""
    secrets = given.secrets("TOKEN_SECRETS")
    jwks_url = given.text("TOKEN_JWKS_URL") or None
    issuer = given.text("TOKEN_ISSUER") or None
    if secrets and jwks_url:
        given.problem(
            "TOKEN_SECRETS", "set either shared secrets or ABOARD_TOKEN_JWKS_URL, and not both"
        )
    if not secrets and not jwks_url and not issuer:
        given.problem(
            "TOKEN_SECRETS",
            "is missing; set shared secrets, or ABOARD_TOKEN_ISSUER and ABOARD_TOKEN_AUDIENCE",
        )
    if any(len(secret.reveal().encode()) < MIN_KEY_BYTES for secret in secrets):
        given.problem("TOKEN_SECRETS", f"must have at least {MIN_KEY_BYTES} characters each")
    if not secrets and (jwks_url or issuer):
        _check_issuer(given, jwks_url, issuer)
    operator = _demand(given, "TOKEN_OPERATOR_CLAIM", given.text("TOKEN_OPERATOR_CLAIM"))
    demands = given.listed("TOKEN_REQUIRED")
    required = tuple(_demand(given, "TOKEN_REQUIRED", row) for row in demands)
    if operator in required:
        given.problem(
            "TOKEN_REQUIRED", "must not be what makes an operator: everybody would be one"
        )
    return TokenTrust(
        secrets=secrets,
        jwks_url=jwks_url,
        issuer=issuer,
        audience=given.text("TOKEN_AUDIENCE") or None,
        types=frozenset(_type(row) for row in given.listed("TOKEN_TYPES")),
        skew=given.seconds("TOKEN_SKEW_SECONDS", 0, _MOST_SKEW_SECONDS),
        required=required,
        user_claim=_claim(given, "TOKEN_USER_CLAIM"),
        organizations_claim=_claim(given, "TOKEN_ORGANIZATIONS_CLAIM"),
        role_claim=_claim(given, "TOKEN_ROLE_CLAIM"),
        id_key=_claim(given, "TOKEN_ORGANIZATION_ID_KEY"),
        role_key=_claim(given, "TOKEN_ORGANIZATION_ROLE_KEY"),
        roles=_roles(given),
        operator=operator,
    )


def _check_issuer(given: Sources, jwks_url: str | None, issuer: str | None) -> None:
    if not issuer or not given.text("TOKEN_AUDIENCE"):
        given.problem(
            "TOKEN_ISSUER",
            "set it and ABOARD_TOKEN_AUDIENCE with published keys, or any token passes",
        )
    name, address = ("TOKEN_JWKS_URL", jwks_url) if jwks_url else ("TOKEN_ISSUER", issuer)
    try:
        parts = urlsplit(address or "")
        host = parts.hostname
    except ValueError:
        given.problem(name, "is not an address")
        return
    if parts.scheme not in {"http", "https"} or not host:
        given.problem(name, "must be an https address")
    elif parts.scheme == "http" and host not in LOOPBACK:
        given.problem(name, "must be https outside loopback")
    elif not jwks_url and (parts.query or parts.fragment):
        given.problem(name, "must be an address without query, or set ABOARD_TOKEN_JWKS_URL")


def _type(row: str) -> str:
    return row.lower().removeprefix("application/")


def _claim(given: Sources, name: str) -> str:
    claim = given.text(name)
    if not claim or len(claim) > _LONGEST_CLAIM:
        given.problem(name, f"must be the name of a claim, of at most {_LONGEST_CLAIM} characters")
    return claim


def _demand(given: Sources, name: str, row: str) -> tuple[str, str | None]:
    """Read `claim=word`, or a claim alone."""
    claim, equals, word = (part.strip() for part in row.partition("="))
    if not claim or (equals and not word) or len(claim) > _LONGEST_CLAIM:
        given.problem(name, "must be a claim, or `claim=word`")
    return claim, word or None


def _roles(given: Sources) -> Mapping[str, Role]:
    roles: dict[str, Role] = {}
    known = {role.value: role for role in Role}
    for row in given.listed("TOKEN_ROLES"):
        # From the right: an issuer's word may have the sign in it, ours have not.
        word, _, role = (part.strip() for part in row.rpartition("="))
        if not word or role not in known:
            given.problem(
                "TOKEN_ROLES",
                f"must be like org-admin=admin, with one of {', '.join(known)} behind each word",
            )
        elif word in roles:
            given.problem("TOKEN_ROLES", "names one word twice")
        else:
            roles[word] = known[role]
    return roles
