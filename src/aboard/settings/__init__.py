"""What did the operator decide? One frozen object, read once from environment, files and TOML.

Only the composition root and the command line read settings; everyone else is given plain values.

Source: docs/settings.md, which is generated from `NAMES`.
"""

from aboard.settings.names import NAMES
from aboard.settings.naming import PREFIX, Name
from aboard.settings.reader import load_settings
from aboard.settings.values import (
    GatewayTerms,
    LogFormat,
    Settings,
    StripeAccess,
    TokenTrust,
    Watching,
)

__all__ = [
    "NAMES",
    "PREFIX",
    "GatewayTerms",
    "LogFormat",
    "Name",
    "Settings",
    "StripeAccess",
    "TokenTrust",
    "Watching",
    "load_settings",
]
