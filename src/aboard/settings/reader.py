"""Do the settings make sense together? If not, the service does not start, and says why.

All problems are reported at once, each with its remedy and never with a secret's value.
"""

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from aboard.core.errors import AddressRefused, SettingsRefused
from aboard.core.links import LOOPBACK, AddressRules
from aboard.core.owner import Mode
from aboard.core.secret import Secret
from aboard.core.state import MIN_KEY_BYTES, KeyRing
from aboard.settings.bases import check_base
from aboard.settings.branding import read_brand
from aboard.settings.browsers import read_browser_origins
from aboard.settings.creators import read_bio_page, read_creator_addresses, read_kyc
from aboard.settings.database import read_database_address
from aboard.settings.gate import read_policy
from aboard.settings.gateway import read_gateway
from aboard.settings.identity import read_registration
from aboard.settings.mail import read_mail, read_reminders
from aboard.settings.names import STRIPE_API
from aboard.settings.oauth import read_oauth
from aboard.settings.outgoing import read_outgoing_keys
from aboard.settings.proxies import read_trusted_proxies
from aboard.settings.redis import read_redis
from aboard.settings.retention import read_retention
from aboard.settings.shapes import read_shapes
from aboard.settings.sources import Sources
from aboard.settings.syncing import read_rates, read_schedule
from aboard.settings.tokens import read_tokens
from aboard.settings.values import Settings, StripeAccess
from aboard.settings.watching import read_watching

DEMO_WORD = "demo"
OWN_PAGES_PATH = "/connect"
_HARMLESS_RING = KeyRing("none", {"none": Secret("-" * MIN_KEY_BYTES)})


def load_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check the settings.

    Raises:
        SettingsRefused: every problem at once, each with the name and the remedy.
    """
    sources = Sources(environ)
    settings = _settings(sources)
    if sources.problems:
        raise SettingsRefused(sources.problems)
    return settings


def _settings(given: Sources) -> Settings:
    stripe = {mode: access for mode in Mode if (access := _access(given, mode)) is not None}
    if not stripe:
        given.problem(
            "TEST_SECRET_KEY",
            "is missing; set the key of at least one mode (`aboard demo` needs none)",
        )
    state_keys = _state_keys(given)
    public_url = given.text("PUBLIC_URL").rstrip("/")
    addresses = _addresses(given, f"{public_url}{OWN_PAGES_PATH}")
    mode = given.checked("CREATOR_MODE", lambda: Mode(given.text("CREATOR_MODE")), Mode.TEST)
    tokens = read_tokens(given)
    own_page = f"{public_url}{OWN_PAGES_PATH}/creator"
    outgoing_keys = read_outgoing_keys(given)
    own_keys = [*state_keys.keys.values(), *tokens.secrets]
    if outgoing_keys is not None:
        own_keys += outgoing_keys.keys.values()
    _check_exposure(given, public_url, own_keys)
    remind_after, remind_every = read_reminders(given)
    mail = read_mail(given)
    stripe_timeout = given.seconds("STRIPE_TIMEOUT_SECONDS", 1, 300)
    kyc, kyc_provider = read_kyc(given)
    return Settings(
        database=read_database_address(given),
        database_pool=given.number("DATABASE_POOL", 1, 1_000),
        public_url=public_url,
        host=given.text("HOST"),
        port=given.number("PORT", 0, 65_535),
        drain=given.seconds("DRAIN_SECONDS", 0, 300),
        stripe=stripe,
        webhooks=given.flag("WEBHOOKS"),
        state_keys=state_keys,
        tokens=tokens,
        registration=read_registration(given, tokens, mail, public_url),
        addresses=addresses,
        browser_origins=read_browser_origins(given),
        trusted_proxies=read_trusted_proxies(given),
        reference=given.flag("REFERENCE"),
        creator_mode=mode,
        creator_return_urls=read_creator_addresses(
            given, "CREATOR_RETURN_URL", own_page, "/back", addresses, mode
        ),
        creator_refresh_urls=read_creator_addresses(
            given, "CREATOR_REFRESH_URL", own_page, "", addresses, mode
        ),
        bio_page_url=read_bio_page(given),
        kyc=kyc,
        kyc_provider=kyc_provider,
        brand=read_brand(given),
        shapes=read_shapes(given),
        creator_limit=given.number("CREATOR_LIMIT", 1, 1_000_000_000),
        organization_limit=given.number("ORGANIZATION_LIMIT", 1, 1_000_000_000),
        limit_window=given.seconds("LIMIT_WINDOW_SECONDS", 1, 86_400),
        redis_url=read_redis(given),
        loop_limit=given.number("LOOP_LIMIT", 2, 100),
        loop_window=given.seconds("LOOP_WINDOW_SECONDS", 1, 86_400),
        state_lifetime=given.seconds("STATE_LIFETIME_SECONDS", 300, 7 * 86_400),
        policy=read_policy(given),
        remind_after=remind_after,
        remind_every=remind_every,
        kept=read_retention(given),
        mail=mail,
        outgoing_keys=outgoing_keys,
        gateway=read_gateway(given, stripe),
        stripe_timeout=stripe_timeout,
        status_timeout=given.seconds("STATUS_TIMEOUT_SECONDS", 1, 30),
        stripe_retries=given.number("STRIPE_RETRIES", 0, 10),
        schedule=read_schedule(given, stripe_timeout),
        reads_per_second=read_rates(given),
        onboarding=given.flag("ONBOARDING"),
        live_mode=given.flag("LIVE_MODE"),
        creator_upgrade=given.flag("CREATOR_UPGRADE"),
        kyc_starts=given.flag("KYC_STARTS"),
        watching=read_watching(given),
    )


def _access(given: Sources, mode: Mode) -> StripeAccess | None:
    word = mode.name
    key = given.text(f"{word}_SECRET_KEY")
    if not key:
        return None
    if not key.startswith((f"sk_{mode}_", f"rk_{mode}_")):
        given.problem(
            f"{word}_SECRET_KEY",
            f"is not a {mode}-mode key; it must start with sk_{mode}_ or rk_{mode}_",
        )
    base = given.text(f"{word}_API_BASE").rstrip("/")
    check_base(given, f"{word}_API_BASE", base, STRIPE_API)
    both = [given.secrets(f"{word}_{name}_WEBHOOK_SECRETS") for name in ("PLATFORM", "CONNECT")]
    if given.flag("WEBHOOKS"):
        for name, secrets in zip(("PLATFORM", "CONNECT"), both, strict=True):
            if not secrets:
                given.problem(
                    f"{word}_{name}_WEBHOOK_SECRETS",
                    "is missing; copy it from the endpoint at Stripe, or set ABOARD_WEBHOOKS=false",
                )
            elif not all(secret.reveal().startswith("whsec_") for secret in secrets):
                given.problem(
                    f"{word}_{name}_WEBHOOK_SECRETS", "must be signing secrets (whsec_...)"
                )
    return StripeAccess(Secret(key), base, both[0], both[1], read_oauth(given, mode, base))


def _state_keys(given: Sources) -> KeyRing:
    rows = given.listed("STATE_KEYS")
    if not rows:
        given.problem(
            "STATE_KEYS", "is missing; set `k1:` followed by at least 32 random characters"
        )
        return _HARMLESS_RING
    pairs = [row.partition(":") for row in rows]
    return given.checked(
        "STATE_KEYS",
        lambda: KeyRing(pairs[0][0], {name: Secret(key) for name, _, key in pairs}),
        _HARMLESS_RING,
    )


def _addresses(given: Sources, own_pages: str) -> AddressRules:
    """Return the allow-list. Our own pages are always on it: sellers may end there."""
    rows = given.listed("ADDRESSES")
    if not rows:
        given.problem("ADDRESSES", "is missing; list the origins and paths where sellers may end")
    rules = given.checked("ADDRESSES", lambda: AddressRules.parse(rows), AddressRules(()))
    try:
        return AddressRules((*rules.allowed, *AddressRules.parse([own_pages]).allowed))
    except AddressRefused:  # told as a problem of the public address
        return rules


def _check_exposure(given: Sources, public_url: str, secrets: Sequence[Secret]) -> None:
    parts = urlsplit(public_url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        given.problem("PUBLIC_URL", "must be an http(s) address without query")
        return
    is_local = parts.hostname in LOOPBACK
    if not is_local and parts.scheme != "https":
        given.problem("PUBLIC_URL", "must be https outside loopback")
    is_exposed = not is_local or given.text("HOST") not in LOOPBACK
    if is_exposed and any(DEMO_WORD in secret.reveal() for secret in secrets):
        given.problem(
            "STATE_KEYS",
            "or TOKEN_SECRETS or OUTGOING_KEYS are the demo's; make your own outside loopback",
        )
