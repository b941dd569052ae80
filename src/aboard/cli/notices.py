"""Who is told that this process is ready, or on its way out? Whoever started it, if they ask.

The words of `sd_notify`: one datagram to the socket that `NOTIFY_SOCKET` names. systemd asks
with `Type=notify`, and `aboard serve --processes` asks the processes that it starts.

Source: ADR-0028, deployment; systemd's manual, sd_notify(3).
"""

import socket
from collections.abc import Mapping
from contextlib import suppress

from aboard.cli.servers import Stop

READY = "READY=1"
STOPPING = "STOPPING=1"


def notify(environ: Mapping[str, str], word: str) -> None:
    """Tell whoever started this process; nothing where nobody asked, or nobody listens."""
    address = environ.get("NOTIFY_SOCKET", "")
    # "@" stands for the zero byte of Linux's abstract names; anything else must be a path.
    if not address.startswith(("/", "@")):
        return
    if address.startswith("@"):
        address = f"\0{address[1:]}"
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as teller:
        teller.settimeout(1)
        teller.sendto(word.encode(), address)


async def stand_by(environ: Mapping[str, str], stop: Stop) -> None:
    """Tell that this process is ready, wait until somebody asks it to end, and tell that too."""
    notify(environ, READY)
    await stop.wait()
    notify(environ, STOPPING)
