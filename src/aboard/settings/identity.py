"""Do people sign in here, and how do they become users? Or does the platform know them already?

Source: docs/self-hosting.md, people who sign in here; ADR-0017, built-in sign-in.
"""

from typing import Final
from urllib.parse import urlsplit

from aboard.core.identity import Registration
from aboard.core.links import LOOPBACK
from aboard.core.mail import MailAccess
from aboard.settings.sources import Sources
from aboard.settings.values import TokenTrust

_NAME: Final = "REGISTRATION"


def read_registration(
    given: Sources, tokens: TokenTrust, mail: MailAccess | None, public_url: str
) -> Registration:
    """Read how somebody becomes a user here, or note why that makes no sense."""
    words = ", ".join(word.value for word in Registration)
    wanted = {word.value: word for word in Registration}.get(given.text(_NAME))
    if wanted is None:
        given.problem(_NAME, f"must be one of: {words}")
        return Registration.OFF
    if wanted is Registration.OFF:
        return wanted
    if tokens.jwks_url is not None:
        given.problem(
            _NAME,
            "must be off with ABOARD_TOKEN_JWKS_URL: your issuer's users sign in there, and tokens "
            "of ours would not be signed by its keys",
        )
    elif not tokens.secrets:
        given.problem(_NAME, "needs ABOARD_TOKEN_SECRETS: the first one signs users' tokens")
    if wanted is Registration.CONFIRMED and mail is None:
        given.problem(_NAME, "can be confirmed only with ABOARD_MAIL_HOST: a code is mailed")
    hosts = {urlsplit(public_url).hostname, given.text("HOST")}
    if wanted is Registration.OPEN and not hosts <= LOOPBACK:
        given.problem(_NAME, "must not be open outside loopback; take confirmed or closed")
    return wanted
