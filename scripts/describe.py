"""Print the OpenAPI description that the service publishes, without starting it.

It is the answer of `/openapi.json`, with sorted keys: the same text for the same code, wherever
and whenever it is printed. The clients are generated from it.
"""

import asyncio
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from aboard.app import build_app, open_platform
from aboard.settings import load_settings
from aboard.store import migrate
from aboard.stripe_api.in_process import AsgiClient

SERVICE = "http://localhost:4242"
# Words that open nothing: nobody is asked, and the database is gone with its folder.
SETTINGS = {
    "ABOARD_PUBLIC_URL": SERVICE,
    "ABOARD_TEST_SECRET_KEY": "sk_test_aboard_described",
    "ABOARD_TEST_API_BASE": "http://127.0.0.1:1",
    "ABOARD_TEST_PLATFORM_WEBHOOK_SECRETS": "whsec_words_of_the_platform",
    "ABOARD_TEST_CONNECT_WEBHOOK_SECRETS": "whsec_words_of_connect",
    "ABOARD_STATE_KEYS": "k1:state-words-and-more-state-words-and-more",
    "ABOARD_TOKEN_SECRETS": "token-words-and-more-token-words-and-more",
    "ABOARD_ADDRESSES": "http://localhost:4280",
    "ABOARD_CREATOR_RETURN_URL": "http://localhost:4280/creator/back",
    "ABOARD_CREATOR_REFRESH_URL": "http://localhost:4280/creator/again",
    "ABOARD_REGISTRATION": "open",
}


async def read_description() -> str:
    """Return the description as JSON, indented and with sorted keys."""
    with TemporaryDirectory() as folder:
        database = str(Path(folder) / "described.sqlite3")
        migrate(database)
        settings = load_settings({**SETTINGS, "ABOARD_DATABASE": database})
        async with open_platform(settings) as platform:
            road = AsgiClient({SERVICE: build_app(platform, settings)})
            body, status, _ = await road.request_async("GET", f"{SERVICE}/openapi.json", {})
    if status != 200:  # noqa: PLR2004 - by definition
        raise RuntimeError(f"the service answers {status} instead of its description")
    return json.dumps(json.loads(body), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(read_description()))
