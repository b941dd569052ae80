"""Who am I to the gateway? The caller behind a token, what it may do, and what is left of it.

Source: docs/gateway/index.md, whoami.
"""

from functools import partial

from aboard.core.errors import StoreUnavailable
from aboard.core.lending.refusals import CallRefused, RefusalCode
from aboard.flows.lending.calls import count_left
from aboard.flows.platform import Platform
from aboard.gateway.chain import Chain
from aboard.gateway.conversation import Conversation
from aboard.gateway.refusing import reply_json
from aboard.gateway.steps import GREETING, there


async def tell_who(chain: Chain, platform: Platform, talk: Conversation) -> None:
    """Answer `GET /whoami`: no row where it is answered, one where it is refused."""
    await chain.guard(talk, GREETING, partial(_answer, chain, platform))


async def _answer(chain: Chain, platform: Platform, talk: Conversation) -> None:
    if talk.method != "GET":
        raise CallRefused(RefusalCode.METHOD_NOT_ALLOWED, detail="Allowed: GET.")
    borrower = there(talk.borrower)
    caller, token, mode = borrower.caller, borrower.token, borrower.mode
    try:
        left = await count_left(platform, borrower)
    except StoreUnavailable:
        raise CallRefused(RefusalCode.STORE_UNAVAILABLE) from None
    content = {
        "caller": {"id": caller.id, "name": caller.name},
        "mode": mode.value,
        "token": {"hint": token.hint, "expiresAt": token.expires_at},
        "policy": caller.policy,
        "allow": borrower.allow_list.words(mode),
        "owners": None if caller.owners is None else sorted(caller.owners),
        "limits": {
            "perSecond": borrower.limits.per_second,
            "perDay": borrower.limits.per_day,
            "leftToday": left,
        },
    }
    await chain.tell(talk, reply_json(200, content, *talk.own_headers()))
