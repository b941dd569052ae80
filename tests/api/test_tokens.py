"""Which tokens are believed, and which are not?"""

import base64
import hmac
from datetime import timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from joserfc.jws import serialize_compact

from aboard.core.caller import Caller, Role
from aboard.core.errors import Unauthenticated
from aboard.core.secret import Secret
from aboard.web.auth import Tokens, build_tokens, issue_token
from aboard.web.claims import ClaimRules, Demand
from aboard.web.keys import SharedSecrets
from tests.api.minting import NOW, OTHER, SECRET, Watch, claims, refused, segment, signed


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def tokens(watch: Watch) -> Tokens:
    return build_tokens(secrets=[SECRET], clock=watch)


class TestIssuedHere:
    async def test_what_is_issued_is_believed(self, tokens: Tokens) -> None:
        roles = {"org_1": Role.OWNER, "org_2": Role.SUPPORT}
        token = issue_token(SECRET, user_id="ada", organizations=roles, now=NOW)
        assert await tokens.identify(f"Bearer {token.reveal()}") == Caller("ada", roles)

    async def test_the_token_itself_cannot_be_printed(self) -> None:
        token = issue_token(SECRET, user_id="ada", now=NOW)
        assert token.reveal() not in f"{token} {token!r}"

    async def test_it_ends(self, tokens: Tokens, watch: Watch) -> None:
        token = issue_token(SECRET, user_id="ada", now=NOW, lifetime=timedelta(minutes=5))
        await tokens.verify(token.reveal())
        watch.now += timedelta(minutes=6)
        assert await refused(tokens, token.reveal()) == "expired_token"

    async def test_each_of_several_secrets_verifies(self, watch: Watch) -> None:
        rotating = build_tokens(secrets=[OTHER, SECRET], clock=watch)
        for secret in (SECRET, OTHER):
            token = issue_token(secret, user_id="ada", now=NOW)
            assert (await rotating.verify(token.reveal())).user_id == "ada"

    def test_a_short_secret_is_refused(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            build_tokens(secrets=[Secret("short")])

    def test_secrets_and_a_key_set_do_not_go_together(self) -> None:
        with pytest.raises(ValueError, match="either"):
            build_tokens(secrets=[SECRET], jwks_url="https://issuer.example/jwks")
        with pytest.raises(ValueError, match="either"):
            build_tokens()


class TestTheHeader:
    @pytest.mark.parametrize(
        ("header", "check"),
        [
            (None, "missing"),
            ("", "scheme"),
            ("Basic YWRhOmFkYQ==", "scheme"),
            ("Bearer", "format"),
            ("Bearer ", "format"),
            ("Bearer one.two", "format"),
            ("Bearer one.two.three", "format"),
            ("Bearer a.b.c.d.e", "format"),
            ("Bearer ....", "format"),
            ("Bearer \xe4.\xf6.\xfc", "format"),
            ("Bearer " + "a" * 9000, "format"),
        ],
    )
    async def test_what_is_not_a_token(
        self, tokens: Tokens, header: str | None, check: str
    ) -> None:
        with pytest.raises(Unauthenticated) as caught:
            await tokens.identify(header)
        assert caught.value.check == check

    async def test_the_scheme_is_read_in_any_case(self, tokens: Tokens) -> None:
        token = issue_token(SECRET, user_id="ada", now=NOW).reveal()
        assert (await tokens.identify(f"bEaReR {token}")).user_id == "ada"


class TestSignatures:
    async def test_another_secret(self, tokens: Tokens) -> None:
        token = signed(claims(), key=OctKey.import_key(OTHER.reveal()))
        assert await refused(tokens, token) == "signature"

    @pytest.mark.parametrize("algorithm", ["none", "None", "HS384", "HS512", "RS256", "", None, 7])
    async def test_another_algorithm(self, tokens: Tokens, algorithm: object) -> None:
        genuine = signed(claims())
        forged = f"{segment({'alg': algorithm})}.{genuine.split('.', 1)[1]}"
        assert await refused(tokens, forged) in {"signature", "format"}

    @pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
    async def test_the_right_secret_by_another_algorithm(
        self, tokens: Tokens, algorithm: str
    ) -> None:
        assert await refused(tokens, signed(claims(), header={"alg": algorithm})) == "signature"

    @pytest.mark.parametrize("header", [[], "alg", 7, {"typ": "JWT"}, {"alg": ["HS256"]}])
    async def test_a_header_that_is_none(self, tokens: Tokens, header: object) -> None:
        forged = f"{segment(header)}.{segment(claims())}.AAAA"
        assert await refused(tokens, forged) == "format"

    async def test_no_signature(self, tokens: Tokens) -> None:
        token = f"{segment({'alg': 'none'})}.{segment(claims())}."
        assert await refused(tokens, token) == "format"

    async def test_each_changed_character(self, tokens: Tokens) -> None:
        token = signed(claims())
        for place in range(0, len(token), 7):
            changed = "A" if token[place] != "A" else "B"
            mutated = token[:place] + changed + token[place + 1 :]
            assert await refused(tokens, mutated) in {"signature", "format", "typ"}

    async def test_a_critical_header_that_we_do_not_know(self, tokens: Tokens) -> None:
        body = f"{segment({'alg': 'HS256', 'crit': ['exp'], 'exp': 1})}.{segment(claims())}"
        key = OctKey.import_key(SECRET.reveal())
        signature = jwt.encode({"alg": "HS256"}, claims(), key).rpartition(".")[2]
        assert await refused(tokens, f"{body}.{signature}") == "critical"


class TestClaims:
    @pytest.mark.parametrize(
        ("changes", "check"),
        [
            ({"exp": None}, "missing_claim"),
            ({"sub": None}, "missing_claim"),
            ({"exp": int(NOW.timestamp()) - 31}, "expired_token"),
            ({"exp": "tomorrow"}, "invalid_claim"),
            ({"exp": True}, "invalid_claim"),
            ({"nbf": int(NOW.timestamp()) + 60}, "invalid_claim"),
            ({"nbf": "now"}, "invalid_claim"),
            ({"iat": int(NOW.timestamp()) + 3600}, "invalid_claim"),
            ({"sub": ""}, "sub"),
            ({"sub": 7}, "invalid_claim"),
            ({"sub": "a" * 256}, "sub"),
            ({"sub": "a\nb"}, "sub"),
            ({"organizations": 7}, "organizations"),
            ({"organizations": {"org_1": 7}}, "role"),
            ({"organizations": {"": "owner"}}, "organizations"),
            ({"organizations": ["org_1"], "role": 7}, "role"),
            ({"organizations": [7], "role": "owner"}, "organizations"),
            ({"organizations": {f"org_{n}": "owner" for n in range(1001)}}, "format"),
        ],
    )
    async def test_what_does_not_hold(
        self, tokens: Tokens, changes: dict[str, Any], check: str
    ) -> None:
        assert await refused(tokens, signed(claims(**changes))) == check

    @pytest.mark.parametrize(
        "payload", [b"[]", b"null", b"{", b"\xff", b'{"sub":NaN}', b'{"sub":1e400}']
    )
    async def test_claims_that_are_no_object(self, tokens: Tokens, payload: bytes) -> None:
        token = serialize_compact({"alg": "HS256"}, payload, OctKey.import_key(SECRET.reveal()))
        assert await refused(tokens, token) == "claims"

    @pytest.mark.parametrize("end", [2**63, 1e300])
    async def test_an_end_far_away_is_an_end(self, tokens: Tokens, end: float) -> None:
        assert (await tokens.verify(signed(claims(exp=end)))).user_id == "ada"

    @pytest.mark.parametrize(
        ("changes", "roles"),
        [
            ({}, {}),
            ({"organizations": {}}, {}),
            ({"organizations": {"org_1": "admin"}}, {"org_1": Role.ADMIN}),
            ({"organizations": {"org_1": "king"}}, {}),
            ({"organizations": []}, {}),
            ({"organizations": ["org_1"]}, {}),
            (
                {"organizations": ["org_1", "org_2"], "role": "finance"},
                {"org_1": Role.FINANCE, "org_2": Role.FINANCE},
            ),
            ({"organizations": "org_1", "role": "owner"}, {"org_1": Role.OWNER}),
        ],
    )
    async def test_roles_are_read_in_three_forms(
        self, tokens: Tokens, changes: dict[str, Any], roles: dict[str, Role]
    ) -> None:
        assert await tokens.verify(signed(claims(**changes))) == Caller("ada", roles)

    async def test_issuer_and_audience_are_asked_for_where_they_are_set(self, watch: Watch) -> None:
        rules = ClaimRules(issuer="https://issuer.example", audience="aboard")
        strict = build_tokens(secrets=[SECRET], rules=rules, clock=watch)
        right = {"iss": "https://issuer.example", "aud": ["other", "aboard"]}
        assert (await strict.verify(signed(claims(**right)))).user_id == "ada"
        for wrong in ({"iss": None}, {"aud": None}, {"iss": "https://x"}, {"aud": ["other"]}):
            assert await refused(strict, signed(claims(**{**right, **wrong}))) in {
                "missing_claim",
                "invalid_claim",
            }

    @pytest.mark.parametrize("skew", [0, 30, 300])
    async def test_clocks_may_be_apart_as_far_as_it_is_set(self, watch: Watch, skew: int) -> None:
        tokens = build_tokens(secrets=[SECRET], rules=ClaimRules(skew_seconds=skew), clock=watch)
        second = int(NOW.timestamp())
        for within, beyond in (
            ({"exp": second - skew + 1}, {"exp": second - skew}),
            ({"nbf": second + skew}, {"nbf": second + skew + 1}),
            ({"iat": second + skew}, {"iat": second + skew + 1}),
        ):
            assert (await tokens.verify(signed(claims(**within)))).user_id == "ada"
            assert await refused(tokens, signed(claims(**beyond))) in {
                "expired_token",
                "invalid_claim",
            }

    @pytest.mark.parametrize(
        ("typ", "unless_set", "where_demanded"),
        [
            (None, True, False),
            ("JWT", True, False),
            ("jwt", True, False),
            ("application/jwt", True, False),
            ("at+jwt", True, True),
            ("application/AT+JWT", True, True),
            ("logout+jwt", False, False),
            ("", False, False),
        ],
    )
    async def test_kinds_of_token(
        self,
        tokens: Tokens,
        watch: Watch,
        typ: str | None,
        unless_set: bool,  # noqa: FBT001 - a column of the table
        where_demanded: bool,  # noqa: FBT001 - a column of the table
    ) -> None:
        only = ClaimRules(types=frozenset({"at+jwt"}))
        strict = build_tokens(secrets=[SECRET], rules=only, clock=watch)
        head = {"alg": "HS256"} if typ is None else {"alg": "HS256", "typ": typ}
        spoken = f"{segment(head)}.{segment(claims())}"
        mac = hmac.digest(SECRET.reveal().encode(), spoken.encode(), "sha256")
        token = f"{spoken}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
        for believer, is_taken in ((tokens, unless_set), (strict, where_demanded)):
            if is_taken:
                assert (await believer.verify(token)).user_id == "ada"
            else:
                assert await refused(believer, token) == "typ"

    async def test_the_claims_have_the_names_that_are_set(self, watch: Watch) -> None:
        rules = ClaimRules(
            organizations_claim="https://p.example/orgs", role_claim="duty", operator=Demand("boss")
        )
        tokens = build_tokens(secrets=[SECRET], rules=rules, clock=watch)
        said = {"https://p.example/orgs": ["org_1"], "duty": "admin", "boss": True}
        caller = await tokens.verify(signed(claims(**said)))
        assert caller == Caller("ada", {"org_1": Role.ADMIN}, is_operator=True)

    @pytest.mark.parametrize("word", [True, False, "true", "false", 1, 0, [True], {}, None])
    async def test_only_the_value_true_makes_an_operator(self, tokens: Tokens, word: Any) -> None:  # noqa: ANN401 - any JSON value
        caller = await tokens.verify(signed(claims(aboard_operator=word)))
        assert caller.is_operator is (word is True)

    async def test_a_token_of_ours_names_an_operator_only_when_told_to(
        self, tokens: Tokens
    ) -> None:
        for is_operator in (True, False):
            token = issue_token(SECRET, user_id="ops", now=NOW, is_operator=is_operator)
            assert (await tokens.verify(token.reveal())).is_operator is is_operator


class CountedSecrets(SharedSecrets):
    """Shared secrets that count how often a signature is checked."""

    checks = 0

    async def verifies(self, token: Any) -> bool:  # noqa: ANN401 - as the parent's
        self.checks += 1
        return await super().verifies(token)


class TestTheMemory:
    async def test_a_signature_is_checked_once(self, watch: Watch) -> None:
        keys = CountedSecrets([SECRET])
        tokens = Tokens(keys, ClaimRules(), clock=watch)
        token = signed(claims())
        callers = [await tokens.verify(token) for _ in range(5)]
        assert callers == [Caller("ada")] * 5
        assert keys.checks == 1

    async def test_the_end_is_compared_on_every_hit(self, watch: Watch) -> None:
        tokens = Tokens(SharedSecrets([SECRET]), ClaimRules(), clock=watch)
        token = signed(claims())
        await tokens.verify(token)
        watch.now += timedelta(seconds=60 + 31)
        assert await refused(tokens, token) == "expired_token"

    async def test_so_is_the_beginning(self, watch: Watch) -> None:
        tokens = Tokens(SharedSecrets([SECRET]), ClaimRules(), clock=watch)
        second = int(NOW.timestamp())
        for name in ("nbf", "iat"):
            token = signed(claims(**{name: second}))
            await tokens.verify(token)
            watch.now = NOW - timedelta(seconds=31)
            assert await refused(tokens, token) == "invalid_claim"
            watch.now = NOW
            await tokens.verify(token)

    async def test_it_is_bounded(self, watch: Watch) -> None:
        keys = CountedSecrets([SECRET])
        tokens = Tokens(keys, ClaimRules(), clock=watch, remembered=2)
        three = [signed(claims(sub=name)) for name in ("ada", "bob", "eve")]
        for token in (*three, three[2], three[1]):
            await tokens.verify(token)
        assert keys.checks == 3
        await tokens.verify(three[0])
        assert keys.checks == 4

    async def test_a_refused_token_is_not_remembered(self, watch: Watch) -> None:
        keys = CountedSecrets([SECRET])
        tokens = Tokens(keys, ClaimRules(), clock=watch)
        forged = signed(claims(), key=OctKey.import_key(OTHER.reveal()))
        for _ in range(2):
            await refused(tokens, forged)
        assert keys.checks == 2
