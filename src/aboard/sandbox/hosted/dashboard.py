"""The small Express dashboard behind a login link."""

from aboard.sandbox import requirements
from aboard.sandbox.account import Account
from aboard.sandbox.hosted.bank import bank_lines
from aboard.sandbox.hosted.desk import SIGNED_OUT, Desk
from aboard.sandbox.hosted.exchange import Answer, redirect
from aboard.sandbox.hosted.fields import field_for, split_path

SLUG = "dashboard"


def show_dashboard(desk: Desk) -> Answer:
    """Show how the account stands: status, balance, payouts, and what is still needed."""
    account = desk.account
    owed = requirements.owed(account, desk.world.now())
    name = account.fact("business_profile.name") or account.fact("company.name") or account.email
    zero = f"0.00 {account.currency.upper()}"
    payouts = [{"label": "Bank account", "text": line} for line in bank_lines(account)]
    return desk.show(
        "dashboard.html",
        SLUG,
        str(name or "Your account"),
        tiles=[
            {"name": "Payments", "text": "On" if owed.is_charging else "Off"},
            {"name": "Payouts", "text": "On" if owed.is_paying_out else "Off"},
            {"name": "Balance", "text": zero},
        ],
        notice=_notice(owed),
        owed=sorted({_words(account, key) for key in owed.currently_due}),
        payouts=[*payouts, {"label": "Next payout", "text": zero}],
        edit_url=desk.url("review"),
    )


def take_dashboard(desk: Desk) -> Answer:
    """Sign out: the visit is over, and only a new login link opens the dashboard again."""
    desk.visit.ended_at = desk.world.now()
    return redirect(SIGNED_OUT)


def _notice(owed: requirements.Owed) -> str:
    if owed.disabled_reason is None:
        return ""
    if owed.disabled_reason.startswith("rejected."):
        return "This account was rejected."
    if owed.pending or owed.disabled_reason == "under_review":
        return "Your details are being checked."
    return "Something is needed before payments and payouts can go on."


def _words(account: Account, key: str) -> str:
    subject = split_path(key)[0]
    about = "Company: " if subject == "company" else ""
    if ".dob." in key:
        return f"{about}Date of birth"
    if ".address." in key:
        return f"{about}Address"
    return about + (
        "Bank account" if key == "external_account" else field_for(key, account.country).label
    )
