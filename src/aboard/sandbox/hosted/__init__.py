"""The hosted pages: what a seller walks through at an account link or a login link."""

from aboard.sandbox.hosted.routes import handle

__all__ = ["handle"]
