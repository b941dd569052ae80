"""Which settings are there, with their defaults and what they mean?

The table behind the reader, `aboard doctor` and docs/settings.md.
"""

from aboard.core.shapes import CONTROLLER_WORDS
from aboard.settings.names_gateway import GATEWAY_NAMES
from aboard.settings.naming import PREFIX, Name

STRIPE_API = "https://api.stripe.com"
STRIPE_CONNECT = "https://connect.stripe.com"
STRIPE_FILES = "https://files.stripe.com"


def _per_mode(mode: str) -> tuple[Name, ...]:
    word = mode.lower()
    return (
        Name(f"{mode}_SECRET_KEY", None, f"Stripe's secret or restricted key, {word} mode.", True),
        Name(f"{mode}_API_BASE", STRIPE_API, f"Where {word} mode finds Stripe, or the sandbox."),
        Name(
            f"{mode}_CLIENT_ID",
            None,
            f"The platform's OAuth client id (`ca_...`), {word} mode: ends connections of sellers "
            "with an account of their own.",
        ),
        Name(
            f"{mode}_CONNECT_BASE",
            None,
            f"Where {word} mode finds Stripe's OAuth: {STRIPE_CONNECT}, or where the API is when "
            "that is not Stripe's.",
        ),
        Name(
            f"{mode}_FILES_BASE",
            None,
            f"Where the gateway sends files in {word} mode: {STRIPE_FILES}, or where the API is "
            "when that is not Stripe's.",
        ),
        Name(
            f"{mode}_PLATFORM_WEBHOOK_SECRETS",
            None,
            f"Signing secrets of the platform endpoint, {word} mode; several while rotating.",
            True,
        ),
        Name(
            f"{mode}_CONNECT_WEBHOOK_SECRETS",
            None,
            f"Signing secrets of the Connect endpoint, {word} mode; several while rotating.",
            True,
        ),
    )


def _per_kind(kind: str) -> tuple[Name, ...]:
    word = kind.lower()
    return (
        Name(f"{kind}_ACCOUNT_TYPE", "express", f"`express`, `standard` or `custom` for {word}s."),
        Name(
            f"{kind}_CONTROLLER",
            None,
            "Controller properties instead of a type, as `fees.payer=application,...`: "
            + ", ".join(f"`{part}`" for part in CONTROLLER_WORDS)
            + ".",
        ),
        Name(f"{kind}_COUNTRY", None, f"Two-letter country of new {word} accounts."),
        Name(
            f"{kind}_CAPABILITIES",
            "card_payments,transfers",
            f"Capabilities requested for new {word} accounts.",
        ),
    )


def _per_kind_and_mode(kind: str, mode: str) -> tuple[Name, ...]:
    return tuple(
        Name(
            f"{kind}_{mode}_{part}",
            None,
            f"As `{PREFIX}{kind}_{part}`, for {mode.lower()} mode alone.{more}",
        )
        for part, more in (
            ("ACCOUNT_TYPE", " Replaces the shared controller too."),
            ("CONTROLLER", " Replaces the shared type too."),
            ("COUNTRY", ""),
            ("CAPABILITIES", ""),
        )
    )


NAMES: tuple[Name, ...] = (
    Name("CONFIG", None, "A TOML file with the same names, lower case, without the prefix."),
    Name(
        "DATABASE",
        "var/aboard.sqlite3",
        "Path of the SQLite database, or `postgresql://user:password@host:port/name`, outside "
        "loopback with `?sslmode=verify-full`.",
        secret=True,
    ),
    Name("DATABASE_POOL", "10", "Most connections of one process to PostgreSQL, beside one more."),
    Name("PUBLIC_URL", "http://localhost:4242", "Our own address as sellers' browsers see it."),
    Name("HOST", "127.0.0.1", "Address that `aboard serve` listens on."),
    Name("PORT", "4242", "Port that `aboard serve` listens on; 0 takes a free one."),
    Name(
        "TRUSTED_PROXIES",
        "127.0.0.1,::1",
        "Addresses or networks of the proxies in front, whose `X-Forwarded-For` is believed.",
    ),
    Name(
        "DRAIN_SECONDS",
        "0",
        "How long `aboard serve` goes on after SIGTERM, while its health says that it is leaving.",
    ),
    *_per_mode("TEST"),
    *_per_mode("LIVE"),
    Name("WEBHOOKS", "true", "Take in webhooks; needs signing secrets for each mode in use."),
    Name(
        "STATE_KEYS",
        None,
        "Keys that sign callback state, as `id:key,...`; the first signs, all verify.",
        secret=True,
    ),
    Name(
        "TOKEN_SECRETS",
        None,
        "Shared secrets for HS256 bearer tokens; the first signs, all verify.",
        secret=True,
    ),
    Name(
        "TOKEN_JWKS_URL",
        None,
        "Key set of your OIDC issuer, instead of shared secrets; without it the issuer's "
        "discovery document is asked where its keys are.",
    ),
    Name("TOKEN_ISSUER", None, "Required `iss` of bearer tokens; alone, your OIDC issuer."),
    Name("TOKEN_AUDIENCE", None, "Required `aud` of bearer tokens."),
    Name(
        "TOKEN_TYPES",
        None,
        "Kinds of token that are taken, by the header's `typ`, such as `at+jwt`; without it any "
        "that is not for something else.",
    ),
    Name("TOKEN_SKEW_SECONDS", "30", "How far the clocks of issuer and Aboard may be apart."),
    Name(
        "TOKEN_REQUIRED",
        None,
        "What a token must say besides, as `claim=word,...`, such as `scope=payments`; a claim "
        "alone must be `true`.",
    ),
    Name("TOKEN_USER_CLAIM", "sub", "Claim with the id of the user, which must never change."),
    Name(
        "TOKEN_ORGANIZATIONS_CLAIM",
        "organizations",
        "Claim with organizations and roles; like every claim, also as a path: `a.b`.",
    ),
    Name("TOKEN_ROLE_CLAIM", "role", "Claim with the role where organizations have none beside."),
    Name("TOKEN_ORGANIZATION_ID_KEY", "id", "Where organizations are objects: key of the id."),
    Name("TOKEN_ORGANIZATION_ROLE_KEY", "role", "Where they are objects: key of the role."),
    Name(
        "TOKEN_ROLES",
        None,
        "Roles by the issuer's words, as `org-admin=admin,...`; then no other word counts.",
    ),
    Name(
        "TOKEN_OPERATOR_CLAIM",
        "aboard_operator",
        "Claim that is `true` for the platform's own backend and staff, operators, or `claim=word` "
        "for one that holds this word.",
    ),
    Name(
        "REGISTRATION",
        "off",
        "Whether people sign in here: `off`, `closed` (`aboard users` adds them), `confirmed` (by "
        "a code that is mailed) or `open` (at once, on loopback only).",
    ),
    Name("ADDRESSES", None, "Allow-list of return and refresh addresses: origin and path prefix."),
    Name(
        "BROWSER_ORIGINS",
        None,
        "Origins whose pages may call the APIs from a browser, such as `https://app.example.com`.",
    ),
    Name("REFERENCE", "true", "Switch: the API reference in the browser, at `/reference`."),
    Name(
        "CREATOR_MODE",
        "test",
        "The mode that is meant where a call about creators names none: `test` or `live`.",
    ),
    Name(
        "CREATOR_RETURN_URL",
        None,
        "Where creators end after Stripe; on the allow-list, `{mode}` is filled in. Else Aboard's "
        "own page for them.",
    ),
    Name(
        "CREATOR_REFRESH_URL",
        None,
        "Where creators ask for a new link; on the allow-list, `{mode}` is filled in. Else "
        "Aboard's own page for them.",
    ),
    Name("BIO_PAGE_URL", None, "Your public page of a creator, with `{creatorId}` in it."),
    Name(
        "KYC",
        "none",
        "Who decides whether you know a creator, before there is an account: `none` (everybody "
        "is known), `manual` (operators) or `webhook` (a provider).",
    ),
    Name("KYC_PROVIDER", "provider", "The provider's name, as clients are told it."),
    Name(
        "KYC_REDIRECT_URL",
        None,
        "Where the provider receives a creator, with `{sessionId}` in it; https outside loopback.",
    ),
    Name(
        "KYC_WEBHOOK_SECRETS",
        None,
        "Signing secrets of the provider's news (Standard Webhooks: `whsec_` and base64); several "
        "while rotating.",
        secret=True,
    ),
    Name("KYC_LIFETIME_DAYS", "0", "Days after which an approval expires; 0: never."),
    Name(
        "KYC_SESSION_SECONDS",
        "3600",
        "How long a provider's session runs; after that, without news, it may be begun again.",
    ),
    *_per_kind("CREATOR"),
    *_per_kind("ORGANIZATION"),
    *_per_kind_and_mode("ORGANIZATION", "TEST"),
    *_per_kind_and_mode("ORGANIZATION", "LIVE"),
    Name("BRAND_NAME", "Aboard", "The platform's name on the owner's pages."),
    Name("BRAND_LOGO_URL", None, "The platform's logo there, instead of its name in letters."),
    Name("BRAND_COLOR", "#0b6470", "The colour of buttons; text on it is made readable."),
    Name("BRAND_COLOR_DARK", "#5cc3cf", "The same in the dark; else as `ABOARD_BRAND_COLOR`."),
    Name("SIGN_IN_URL", None, "Where sellers sign in at your platform."),
    Name("SUPPORT_URL", None, "Where sellers find help: a page, or `mailto:`."),
    Name(
        "CREATOR_LIMIT",
        "10",
        "Calls per window, per creator and operation; some operations have a multiple of it.",
    ),
    Name("ORGANIZATION_LIMIT", "60", "Calls per window, per caller and operation."),
    Name("LIMIT_WINDOW_SECONDS", "3600", "Length of the window."),
    Name(
        "REDIS_URL",
        None,
        "Where several processes count calls together: `redis://` on loopback, `rediss://` "
        "elsewhere. Without it each counts in its own memory.",
        secret=True,
    ),
    Name(
        "GO_LIVE_CAPABILITIES",
        "card_payments,transfers",
        "Capabilities that must be active before an owner may go live.",
    ),
    Name(
        "GO_LIVE_CONDITIONS",
        "payouts,webhooks,live_mode",
        "What going live asks for besides: `payouts`, `webhooks` (both endpoints have spoken), "
        "`live_mode` (test accounts stay outside), `nothing_currently_due`.",
    ),
    Name(
        "REMIND_AFTER_DAYS",
        "3",
        "Days that an owner may leave things undone before a reminder; 0: no reminders.",
    ),
    Name("REMIND_EVERY_DAYS", "7", "Days between two reminders of one owner."),
    Name(
        "KEEP_EVENTS_DAYS",
        "90",
        "Days that received events are kept, 30 at least: Stripe may send one again as late; "
        "0: for ever.",
    ),
    Name(
        "KEEP_ANNOUNCEMENTS_DAYS",
        "90",
        "Days that announcements and their deliveries are kept; 0: for ever.",
    ),
    Name("KEEP_AUDIT_DAYS", "0", "Days that the audit is kept, 30 at least; 0: for ever."),
    Name(
        "KEEP_GATEWAY_CALLS_DAYS",
        "90",
        "Days that the record of calls through the gateway is kept; 0: for ever.",
    ),
    Name("MAIL_HOST", None, "Mail server for reminders; without one nothing is mailed."),
    Name("MAIL_PORT", "587", "Port of the mail server."),
    Name("MAIL_TLS", "starttls", "`starttls`, `tls` from the first byte, or `none` on loopback."),
    Name("MAIL_FROM", None, "Sender of reminders, as `Name <address>` or an address."),
    Name("MAIL_USERNAME", None, "User name at the mail server, with a password."),
    Name("MAIL_PASSWORD", None, "Password at the mail server.", secret=True),
    Name("MAIL_LANGUAGE", "en", "Language of reminders: `en`, `pt`, `es`, `de` or `fr`."),
    Name("LOOP_LIMIT", "3", "The refresh of one onboarding that shows the checklist instead."),
    Name("LOOP_WINDOW_SECONDS", "900", "The time in which refreshes count as a loop."),
    Name("STATE_LIFETIME_SECONDS", "86400", "How long a callback's state is good."),
    Name("STRIPE_TIMEOUT_SECONDS", "30", "How long one try at Stripe may take."),
    Name(
        "STATUS_TIMEOUT_SECONDS",
        "8",
        "How long a reader of a status waits for Stripe, retries included, before the answer "
        "comes from memory.",
    ),
    Name("STRIPE_RETRIES", "2", "How often a failed call is tried again."),
    Name(
        "OUTGOING_KEYS",
        None,
        "Keys that the signing secrets of your subscribers are made by, as `id:key,...`; the first "
        "makes new ones, all are good. Without them nobody can be told what happens.",
        secret=True,
    ),
    Name(
        "SYNC_TEST_PER_SECOND",
        "15",
        "What the workers of all processes ask of Stripe together in a second, test mode. Stripe "
        "takes 25 in a sandbox; what people ask comes on top.",
    ),
    Name("SYNC_LIVE_PER_SECOND", "50", "The same in live mode, where Stripe takes 100."),
    Name(
        "SYNC_PENDING_EVERY_SECONDS",
        "900",
        "After how long an account is read again without an event, while news of it is expected.",
    ),
    Name(
        "SYNC_READY_EVERY_SECONDS",
        "86400",
        "The same for accounts that are `complete`, `enabled` or `rejected`.",
    ),
    Name("SYNC_FIRST_RETRY_SECONDS", "2", "When a failed read is tried again; doubled each time."),
    Name("SYNC_LONGEST_RETRY_SECONDS", "900", "The longest pause between two such tries."),
    Name(
        "SYNC_LEASE_SECONDS",
        "120",
        "How long a worker holds an account at most, and so when another takes over from one that "
        "was killed; never less than twice ABOARD_STRIPE_TIMEOUT_SECONDS.",
    ),
    Name(
        "SYNC_GIVE_UP_ATTEMPTS",
        "5",
        "After how many failed reads that no retry mends an account's events are dead letters.",
    ),
    Name(
        "SYNC_GIVE_UP_HOURS",
        "24",
        "How long reads that may go well later are tried again before that.",
    ),
    *GATEWAY_NAMES,
    Name("ONBOARDING", "true", "Switch: start and resume onboarding."),
    Name("LIVE_MODE", "true", "Switch: onboarding, and calls through the gateway, in live mode."),
    Name("CREATOR_UPGRADE", "true", "Switch: become a creator."),
    Name("KYC_STARTS", "true", "Switch: begin a check of who a creator is."),
    Name("LOG_FORMAT", "text", "How log lines are written to standard error: `text` or `json`."),
    Name(
        "LOG_LEVEL",
        "info",
        "From which level on lines are written: `debug`, `info`, `warning` or `error`.",
    ),
    Name(
        "METRICS_PORT",
        None,
        "Port apart on which `aboard serve` shows Prometheus its figures (`/metrics`) and its "
        "health; 0 takes a free one, without it none is opened.",
    ),
    Name("WORKER_PORT", None, "The same for `aboard work`."),
    Name("METRICS_HOST", "127.0.0.1", "Address that these listen on; keep it inside your network."),
    Name(
        "TRACES",
        "false",
        "Switch: send OpenTelemetry traces where the `OTEL_*` variables say; needs the extra "
        "`otel`.",
    ),
)
