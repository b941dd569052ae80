"""Which settings does the gateway have? A part of the table of all.

Source: ADR-0029, the gateway; ADR-0030, lent credentials.
"""

from aboard.settings.naming import Name

GATEWAY_NAMES: tuple[Name, ...] = (
    Name(
        "GATEWAY_KEYS",
        None,
        "Master keys that credentials in the database lie under, as `id:base64 of 32 bytes,...`; "
        "the first for new envelopes, all open. `openssl rand -base64 32` makes one.",
        secret=True,
    ),
    Name(
        "GATEWAY_POLICY",
        None,
        "The TOML file of named policies: what callers of the gateway may call, and how often.",
    ),
    Name(
        "GATEWAY_TEST_KEY",
        None,
        "The key that the gateway lends in test mode where the database has none, best a "
        "restricted one; else ABOARD_TEST_SECRET_KEY.",
        secret=True,
    ),
    Name("GATEWAY_LIVE_KEY", None, "The same in live mode; else ABOARD_LIVE_SECRET_KEY.", True),
    Name("GATEWAY_WRITES", "true", "Switch: calls through the gateway that change anything."),
    Name("GATEWAY_HOST", "127.0.0.1", "Address that `aboard gateway serve` listens on."),
    Name("GATEWAY_PORT", "8003", "Port that `aboard gateway serve` listens on; 0: a free one."),
    Name(
        "GATEWAY_METRICS_PORT",
        None,
        "Port apart on which `aboard gateway serve` shows Prometheus its figures (`/metrics`) and "
        "its health, as ABOARD_METRICS_PORT does for `aboard serve`.",
    ),
    Name(
        "GATEWAY_URL",
        None,
        "Where callers find the gateway, as the pages and the explorer's snippets tell it; else "
        "`/gateway` of the service.",
    ),
    Name(
        "GATEWAY_TIMEOUT_SECONDS",
        "80",
        "How long the gateway waits for Stripe to begin an answer, or to go on with one.",
    ),
    Name(
        "GATEWAY_BODY_SECONDS",
        "30",
        "How long a caller of the gateway may take to send what it has to say, a file included.",
    ),
)
