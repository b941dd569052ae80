"""`aboard token` gives a token to try things with, and only where that can do no harm."""

import json
from pathlib import Path

import pytest

from aboard.app import claim_rules
from aboard.core.caller import Caller, Role
from aboard.core.clock import utc_now
from aboard.core.secret import Secret
from aboard.settings import load_settings
from aboard.web.auth import build_tokens
from aboard.web.claims import ClaimRules
from tests.cli.commands import COMPLETE_SETTINGS, run

SECRET = Secret(COMPLETE_SETTINGS["ABOARD_TOKEN_SECRETS"])
ELSEWHERE = {
    "ABOARD_PUBLIC_URL": "https://aboard.platform.example",
}
ISSUER = {
    "ABOARD_TOKEN_SECRETS": "",
    "ABOARD_TOKEN_JWKS_URL": "https://issuer.example/keys",
    "ABOARD_TOKEN_ISSUER": "https://issuer.example",
    "ABOARD_TOKEN_AUDIENCE": "aboard",
}
LIVE = {
    "ABOARD_LIVE_SECRET_KEY": "sk_live_words",
    "ABOARD_LIVE_PLATFORM_WEBHOOK_SECRETS": "whsec_words_of_the_platform",
    "ABOARD_LIVE_CONNECT_WEBHOOK_SECRETS": "whsec_words_of_connect",
}


@pytest.mark.parametrize("more", [ELSEWHERE, ISSUER, LIVE], ids=["elsewhere", "issuer", "live"])
def test_where_it_could_do_harm_there_is_none(tmp_path: Path, more: dict[str, str]) -> None:
    ended = run("token", "ada", settings={**COMPLETE_SETTINGS, **more}, cwd=tmp_path)
    assert ended.code == 2
    assert ended.out == ""
    assert "Next: " in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("name", ["", "a" * 256, "a\nb"])
def test_nobody_has_such_a_name(tmp_path: Path, name: str) -> None:
    for words in ((name,), ("ada", "--organization", name)):
        ended = run("token", *words, settings=COMPLETE_SETTINGS, cwd=tmp_path)
        assert (ended.code, ended.out) == (2, "")
        assert "Next: Give 1 to 255 printable characters." in ended.err


async def test_it_is_the_users_and_ends(tmp_path: Path) -> None:
    words = ("token", "ada", "--minutes", "5", "--organization", "org_1")
    ended = run(*words, settings=COMPLETE_SETTINGS, cwd=tmp_path)
    assert ended.code == 0, ended.err
    tokens = build_tokens(secrets=[SECRET])
    caller = await tokens.verify(ended.out.strip())
    assert caller == Caller("ada", {"org_1": Role.OWNER})
    later = build_tokens(secrets=[SECRET], clock=lambda: utc_now().replace(year=2100))
    with pytest.raises(Exception, match="expired"):
        await later.verify(ended.out.strip())


async def test_it_says_what_the_service_asks_for(tmp_path: Path) -> None:
    asked = {"ABOARD_TOKEN_ISSUER": "https://ours.example", "ABOARD_TOKEN_AUDIENCE": "aboard"}
    ended = run("token", "ada", "--json", settings={**COMPLETE_SETTINGS, **asked}, cwd=tmp_path)
    document = json.loads(ended.out)
    assert (document["userId"], document["expiresIn"]) == ("ada", 3600)
    rules = ClaimRules(issuer="https://ours.example", audience="aboard")
    caller = await build_tokens(secrets=[SECRET], rules=rules).verify(document["token"])
    assert caller.user_id == "ada"


async def test_it_says_it_where_and_how_the_settings_look_for_it(tmp_path: Path) -> None:
    asked = {
        "ABOARD_TOKEN_USER_CLAIM": "uid",
        "ABOARD_TOKEN_ORGANIZATIONS_CLAIM": "https://p.example/shops",
        "ABOARD_TOKEN_ROLES": "boss=owner",
        "ABOARD_TOKEN_REQUIRED": "scope=payments",
        "ABOARD_TOKEN_TYPES": "at+jwt",
    }
    settings = {**COMPLETE_SETTINGS, **asked}
    ended = run("token", "ada", "--organization", "org_1", settings=settings, cwd=tmp_path)
    rules = claim_rules(load_settings(settings))
    caller = await build_tokens(secrets=[SECRET], rules=rules).verify(ended.out.strip())
    assert caller == Caller("ada", {"org_1": Role.OWNER})
