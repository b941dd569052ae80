"""How does a test reach the sandbox over real HTTP? On a free port, in a thread beside the test."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aboard.sandbox.app import Sandbox

_PATIENCE_SECONDS = 10.0


@contextmanager
def serving(sandbox: Sandbox, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve a sandbox for the length of a block; give its address, without a slash at the end.

    Port 0 takes a free one. Webhooks go out by themselves. The sandbox belongs to the serving
    thread meanwhile: look inside and move its clock by `/_sandbox/`, as `StripeSandbox` does.

    Raises:
        OSError: the port is taken.
    """
    import uvicorn  # noqa: PLC0415 - who serves in another way needs no server

    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen()  # whoever comes before the server is ready waits instead of failing
        config = uvicorn.Config(sandbox.app, log_level="error", access_log=False, lifespan="on")
        server = uvicorn.Server(config)
        thread = threading.Thread(
            target=server.run, args=([listener],), name="aboard-sandbox", daemon=True
        )
        thread.start()
        try:
            yield f"http://{host}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_PATIENCE_SECONDS)
