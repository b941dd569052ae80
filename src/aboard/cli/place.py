"""Where does the service listen? On an address, or on a socket that is open already.

A socket that outlives the process loses no connection while the process is replaced: whoever
connects meanwhile waits in the socket's queue. systemd hands sockets over by number from 3 on,
`aboard serve --processes` by `--fd`.

Source: ADR-0028, deployment; systemd's manual, sd_listen_fds(3).
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from aboard.cli import servers
from aboard.cli.exits import Exit, Refusal
from aboard.core.identity import Registration
from aboard.core.links import LOOPBACK
from aboard.settings import Settings

_FIRST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """What a person named: an address, a socket by its descriptor, or nothing."""

    host: str | None = None
    port: int | None = None
    descriptor: int | None = None

    def take(self, environ: Mapping[str, str], settings: Settings) -> socket.socket:
        """Take what was named, else the socket that systemd handed over, else the settings' port.

        Raises:
            Refusal: the port cannot be taken, there is no such socket, or strangers could register.
        """
        is_address = self.host is not None or self.port is not None
        if is_address and self.descriptor is not None:
            raise Refusal(
                "--fd names a socket that has its address already.",
                "Leave out --fd, or --host and --port.",
                Exit.USAGE,
            )
        found = handed_over(environ) if self.descriptor is None else self.descriptor
        if found is not None and not is_address:
            listener = inherit(found)
        else:
            listener = servers.bind(
                settings.host if self.host is None else self.host,
                settings.port if self.port is None else self.port,
            )
        host = listener.getsockname()[0]
        if settings.registration is Registration.OPEN and host not in LOOPBACK:
            listener.close()
            raise Refusal(
                "Anybody on the network could register here (ABOARD_REGISTRATION=open).",
                "Take `confirmed` or `closed`, or listen on 127.0.0.1.",
                Exit.USAGE,
            )
        return listener


def handed_over(environ: Mapping[str, str]) -> int | None:
    """Return the descriptor that systemd handed to this very process, or None.

    Raises:
        Refusal: it handed several.
    """
    if environ.get("LISTEN_PID") != str(os.getpid()):
        return None
    number = int(environ.get("LISTEN_FDS", "0"))
    if number > 1:
        raise Refusal(
            f"{number} sockets were handed over, and one is served.",
            "Leave one ListenStream in the socket unit.",
            Exit.USAGE,
        )
    return _FIRST if number else None


def inherit(descriptor: int) -> socket.socket:
    """Take over a listening TCP socket by its descriptor.

    Raises:
        Refusal: there is none behind this number.
    """
    try:
        listener = socket.socket(fileno=descriptor)
    except OSError as error:
        raise _not_listening(descriptor) from error
    is_listening = listener.type == socket.SOCK_STREAM and listener.getsockopt(
        socket.SOL_SOCKET, socket.SO_ACCEPTCONN
    )
    if listener.family not in {socket.AF_INET, socket.AF_INET6} or not is_listening:
        listener.detach()
        raise _not_listening(descriptor)
    listener.setblocking(False)
    listener.set_inheritable(False)
    return listener


def _not_listening(descriptor: int) -> Refusal:
    return Refusal(
        f"Descriptor {descriptor} is no TCP socket that listens.",
        "Open it before, as systemd does, or leave --fd out.",
        Exit.USAGE,
    )
