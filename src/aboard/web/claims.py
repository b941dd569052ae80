"""What does a believed token say? The caller, from claims that every issuer shapes its own way.

A claim's name is looked for as it is written, and only then as a path: `realm_access.roles` is
the claim of that name, else `roles` in `realm_access`. Names with dots in them need no other
notation.

Source: docs/self-hosting.md, tokens of your own issuer; ADR-0019.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, TypeGuard

from aboard.core.caller import Caller, Role
from aboard.core.errors import Unauthenticated

OPERATOR_CLAIM: Final = "aboard_operator"
SESSION_CLAIM: Final = "sid"
DEFAULT_SKEW_SECONDS: Final = 30
MAX_NAME_CHARS: Final = 255
MAX_ORGANIZATIONS: Final = 1000
_MAX_WORDS: Final = 1000
_OUR_ROLES: Final = {role.value: role for role in Role}
_BY_POWER: Final = (Role.OWNER, Role.ADMIN, Role.FINANCE, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class Demand:
    """A claim that must be the JSON value true, or, with a word, must hold that word."""

    claim: str
    word: str | None = None

    def is_met(self, claims: Mapping[str, object]) -> bool:
        """Say whether these claims meet it; a text "true" is not true."""
        value = find_claim(claims, self.claim)
        if self.word is None:
            return value is True
        if isinstance(value, str):  # as `scope` lists its words
            return self.word in value.split(" ")
        return isinstance(value, list) and self.word in value


@dataclass(frozen=True, slots=True)
class ClaimRules:
    """What a token must say: issuer and audience where given. And where it says the rest.

    `roles` turns the issuer's words into ours; where it is given, no other word counts.
    `types` are the kinds of token that are taken, in lower case; empty for any access token.
    """

    issuer: str | None = None
    audience: str | None = None
    user_claim: str = "sub"
    organizations_claim: str = "organizations"
    role_claim: str = "role"
    id_key: str = "id"
    role_key: str = "role"
    roles: Mapping[str, Role] = field(default_factory=dict)
    operator: Demand = Demand(OPERATOR_CLAIM)
    required: tuple[Demand, ...] = ()
    skew_seconds: int = DEFAULT_SKEW_SECONDS
    types: frozenset[str] = frozenset()


def find_claim(claims: Mapping[str, object], name: str) -> object:
    """Return the claim of this name, else what the name leads to as a path, else None.

    >>> find_claim({"https://p.example/orgs": ["a"]}, "https://p.example/orgs")
    ['a']
    >>> find_claim({"resource_access": {"my.client": {"roles": ["b"]}}},
    ...            "resource_access.my.client.roles")
    ['b']
    """
    if name in claims:
        return claims[name]
    head, dot, rest = name.partition(".")
    while dot:
        inner = claims.get(head)
        if isinstance(inner, dict) and (found := find_claim(inner, rest)) is not None:
            return found
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
    return None


def read_caller(claims: Mapping[str, object], rules: ClaimRules) -> Caller:
    """Return the caller that these claims name.

    Raises:
        Unauthenticated: a claim is missing or has no shape that we read, with its kind.
    """
    for demand in rules.required:
        if not demand.is_met(claims):
            raise Unauthenticated("required")
    user_id = find_claim(claims, rules.user_claim)
    if user_id is None:
        raise Unauthenticated("missing_claim")
    if not _is_name(user_id):
        raise Unauthenticated("sub")
    session_id = claims.get(SESSION_CLAIM)
    return Caller(
        user_id,
        _memberships(claims, rules),
        is_operator=rules.operator.is_met(claims),
        session_id=session_id if _is_name(session_id) else None,
    )


def claims_of(
    user_id: str,
    rules: ClaimRules,
    organizations: Mapping[str, Role] | None = None,
    *,
    is_operator: bool,
) -> dict[str, object]:
    """Return the claims by which these rules will know this user, and meet what they demand.

    Raises:
        ValueError: by these rules everybody would be an operator.

    >>> rules = ClaimRules(user_claim="uid", required=(Demand("scope", "payments"),))
    >>> claims_of("ana", rules, is_operator=True)
    {'uid': 'ana', 'scope': ['payments'], 'aboard_operator': True}
    """
    claims: dict[str, object] = {rules.user_claim: user_id}
    if organizations:
        theirs = {role: word for word, role in rules.roles.items()}
        claims[rules.organizations_claim] = {
            name: theirs.get(role, role.value) for name, role in organizations.items()
        }
    for demand in (*rules.required, *((rules.operator,) if is_operator else ())):
        if demand.word is None:
            claims[demand.claim] = True
        elif isinstance(words := claims.setdefault(demand.claim, []), list):
            words.append(demand.word)
    if rules.issuer is not None:
        claims["iss"] = rules.issuer
    if rules.audience is not None:
        claims["aud"] = rules.audience
    if rules.operator.is_met(claims) != is_operator:
        # Also where one claim leads into the other: nobody becomes an operator by the way.
        raise ValueError("what every token must say would make its holder an operator")
    return claims


def _memberships(claims: Mapping[str, object], rules: ClaimRules) -> dict[str, Role]:
    """Read organizations with a role each, or names of which the token's one role holds.

    A role that is not ours gives no membership: an issuer may know more roles than we do.
    """
    organizations = find_claim(claims, rules.organizations_claim)
    if organizations is None:
        return {}
    everywhere = find_claim(claims, rules.role_claim)
    if isinstance(organizations, str):
        organizations = [organizations]
    if not isinstance(organizations, list | dict) or len(organizations) > MAX_ORGANIZATIONS:
        raise Unauthenticated("organizations")
    pairs = (
        organizations.items()
        if isinstance(organizations, dict)
        else (_entry(row, rules) for row in organizations)
    )
    found: dict[str, Role] = {}
    for name, said in pairs:
        if not _is_name(name):
            raise Unauthenticated("organizations")
        role = _role(_said_role(said, everywhere, rules), rules)
        if role is not None:
            found[name] = _stronger(role, found.get(name))
    return found


def _entry(row: object, rules: ClaimRules) -> tuple[object, object]:
    """Return the name in one row of a list, and what the row says besides."""
    if isinstance(row, dict):
        return find_claim(row, rules.id_key), row
    return row, {}


def _said_role(said: object, everywhere: object, rules: ClaimRules) -> object:
    """Return the role that stands beside one organization, else the one for all of them."""
    if not isinstance(said, dict):
        return said
    if rules.role_key in said:
        return said[rules.role_key]
    own = find_claim(said, rules.role_key)
    return everywhere if own is None else own


def _role(said: object, rules: ClaimRules) -> Role | None:
    """Return the strongest of the roles that are said here, if any of them is known."""
    if said is None:
        return None
    words = [said] if isinstance(said, str) else said
    if not isinstance(words, list) or len(words) > _MAX_WORDS:
        raise Unauthenticated("role")
    known = rules.roles or _OUR_ROLES
    found: Role | None = None
    for word in words:
        if not isinstance(word, str):
            raise Unauthenticated("role")
        if word in known:
            found = _stronger(known[word], found)
    return found


def _stronger(one: Role, other: Role | None) -> Role:
    return one if other is None else min(one, other, key=_BY_POWER.index)


def _is_name(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and 0 < len(value) <= MAX_NAME_CHARS and value.isprintable()
