"""A seller's browser without a screen: for tests, the demo and the pytest plugin."""

from aboard.sandbox.browser.cookies import Cookie, CookieJar
from aboard.sandbox.browser.forms import Attachment, Button, Control, Form, FormMismatch, Link
from aboard.sandbox.browser.page import Page
from aboard.sandbox.browser.seller import SellerBrowser, TooManyRedirects
from aboard.sandbox.browser.transport import (
    AsgiApp,
    Fetch,
    HttpFetch,
    Reply,
    UnknownOrigin,
    fetch_from_app,
)
from aboard.sandbox.browser.walk import WalkStuck, walk_onboarding

__all__ = [
    "AsgiApp",
    "Attachment",
    "Button",
    "Control",
    "Cookie",
    "CookieJar",
    "Fetch",
    "Form",
    "FormMismatch",
    "HttpFetch",
    "Link",
    "Page",
    "Reply",
    "SellerBrowser",
    "TooManyRedirects",
    "UnknownOrigin",
    "WalkStuck",
    "fetch_from_app",
    "walk_onboarding",
]
