"""Subscribers that listen on this machine, and what is announced to them."""

from aboard.core.announcements import Announcement, AnnouncementType
from aboard.core.caller import Caller
from aboard.core.owner import Mode, Owner
from aboard.core.secret import Secret
from aboard.core.state import KeyRing
from aboard.flows.deliver import Lanes
from aboard.flows.platform import Platform
from aboard.flows.subscribers import Told, add_subscriber
from aboard.store import StoredDelivery
from tests.webhooks.receiver import Receiver

KEYS = KeyRing("k1", {"k1": Secret("outgoing-words-outgoing-words-words")})
OPERATOR = Caller("command-line")
DISCONNECTED = AnnouncementType.DISCONNECTED


async def add(platform: Platform, receiver: Receiver, path: str, *types: str) -> Told:
    url = receiver.url + path
    return await add_subscriber(platform, OPERATOR, Mode.TEST, url, types=types)


async def announce(platform: Platform, organization: Owner, count: int) -> None:
    """Announce so many times that an account is no longer ours, as nobody would."""
    account = await platform.store.find_account(organization)
    assert account is not None
    for number in range(count):
        news = Announcement(DISCONNECTED, {"reason": f"number {number}"})
        assert await platform.store.mark_reminded(account, news, platform.clock())
        account = await platform.store.find_account(organization)
        assert account is not None


async def tell(platform: Platform) -> None:
    """Let one worker tell what is due now."""
    lanes = Lanes(platform)
    await lanes.open_due()
    await lanes.settle()


async def rows(platform: Platform, told: Told) -> list[StoredDelivery]:
    found = await platform.store.list_deliveries(told.subscriber.id, limit=1000)
    return list(found)[::-1]
