"""What does Harbour Market call things? Plain words for what Aboard answers."""

WORDS = {
    "not_started": "Not started",
    "disconnected": "Disconnected",
    "rejected": "Rejected by Stripe",
    "incomplete": "Begun, not finished",
    "restricted": "Restricted by Stripe",
    "pending": "Stripe is checking",
    "restricted_soon": "Payments work; something is due soon",
    "enabled": "Payments and payouts work",
    "complete": "Payments and payouts work; nothing left to do",
}
CREATOR_WORDS = {
    "NOT_STARTED": "Not started",
    "PENDING": "Begun, not finished",
    "RESTRICTED": "Restricted: something is missing",
    "ACTIVE": "Can sell and be paid",
    "DISABLED": "Disconnected or rejected",
}
WHO = {
    "owner": "You have the next step.",
    "stripe": "Stripe has the next step; you can wait.",
    "platform": "Harbour Market has the next step.",
    "nobody": "Nobody has to do anything.",
}
OUTCOMES = {
    "complete": ("All done", "Stripe lets you sell, and the market knows."),
    "pending": ("Stripe is checking", "You gave everything that was asked. Nothing to do now."),
    "incomplete": ("Not finished yet", "You left before the end. What you gave is kept."),
    "restricted": ("Something is missing", "Stripe asks for more before you can be paid."),
    "rejected": ("Stripe said no", "This account cannot be used. Talk to Harbour Market."),
    "": ("Welcome back", "The market is looking how things stand."),
}
BLOCKERS = {
    "not_connected": "there is no account at Stripe yet",
    "details_not_submitted": "Stripe's form is not finished",
    "charges_disabled": "Stripe has not switched on payments",
    "payouts_disabled": "Stripe has not switched on payouts",
    "requirements_past_due": "something is past due at Stripe",
    "requirements_currently_due": "something is due at Stripe now",
    "platform_webhook_silent": "Stripe has not rung for Harbour Market itself yet",
    "connect_webhook_silent": "Stripe has not rung for any seller yet",
    "test_mode_only": "this is test mode",
    "kill_switch": "live money is switched off",
}
REFUSALS = {
    "not_ready": "Aboard keeps the gate closed. What stands against it is named below.",
    "not_connected": "Begin onboarding first.",
    "gate_closed": "Nothing was sold: the gate is closed.",
    "nothing_due": "Nothing is left to do: Stripe has all it needs.",
    "creator.stripe.not_creator": "Become a creator first.",
    "creator.stripe.account_not_found": "Begin onboarding first.",
    "creator.stripe.not_active": "The dashboard opens once Stripe has all it needs.",
    "creator.stripe.connect_in_progress": "One moment: your account is just being made.",
}
