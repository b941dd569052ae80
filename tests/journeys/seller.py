"""What must a seller's screens say? Held against the account as it is at Stripe at that moment."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

from aboard.core.wording import word_requirement
from aboard.sandbox.browser import Form
from aboard.sandbox.browser.walk import sample_of
from tests.journeys.town import ABOARD

PLACE = "/connect/organizations/org_1/test"
HOME = f"{ABOARD}{PLACE}"
# By which words each screen is known.
NOT_STARTED = "Payments are not set up yet"
UNFINISHED = "The set-up is not finished"
WORKS = "Payments work"
ASKED = "Stripe needs something from you"
CHECKING = "Stripe is checking your details"
DOCUMENT = "individual.verification.document"
# The smallest picture that a browser takes for one.
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
_SWITCHES = {
    "charges_enabled": "Taking payments",
    "payouts_enabled": "Payouts to your bank account",
}


def standing_of(html: str) -> str:
    """Return the words under which a page puts the account."""
    found = re.search(r'<h2 id="standing">(.*?)</h2>', html)
    assert found, "the page says nowhere how things stand"
    return unescape(found[1])


def check_switches(text: str, truth: Mapping[str, Any]) -> None:
    """Hold a page's three lines against Stripe's three flags."""
    for flag, name in _SWITCHES.items():
        assert f"{name} {'On' if truth[flag] else 'Off'}" in text
    given = "Handed in" if truth["details_submitted"] else "Not handed in yet"
    assert f"Your details at Stripe {given}" in text


def check_checklist(html: str, text: str, truth: Mapping[str, Any]) -> None:
    """Hold the checklist against Stripe's lists: every wish in words, and no heading for nothing.

    Before the form was finished once, what Stripe calls past due is needed now.
    """
    wanted, is_begun = truth["requirements"], not truth["details_submitted"]
    past_due = set() if is_begun else set(wanted["past_due"])
    due = set(wanted["currently_due"]) - past_due
    checked = set(wanted["pending_verification"]) - past_due - due
    later = set(wanted["eventually_due"]) - past_due - due - checked
    groups = {
        "past_due": past_due,
        "currently_due": due,
        "pending_verification": checked,
        "eventually_due": later,
    }
    for timing, keys in groups.items():
        assert (f'id="group-{timing}"' in html) is bool(keys), timing
        for key in keys:
            assert word_requirement(key, "en").title in text, key
    if not any(groups.values()):
        assert "Stripe asks for nothing at the moment." in text


def answers_to(form: Form) -> dict[str, str]:
    """Return what passes for each field that must be answered and is not yet."""
    ticked = {item.name for item in form.controls if item.is_checked}
    return {
        item.name: sample_of(item.name, "US")
        for item in form.controls
        if item.is_required and not (item.value and item.kind not in {"checkbox", "radio"})
        if item.name not in ticked
    }
