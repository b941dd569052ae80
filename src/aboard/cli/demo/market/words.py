"""What does Harbour Market call things? Plain words for what Aboard answers."""

WORDS = {
    "not_started": "Not started",
    "disconnected": "Disconnected",
    "rejected": "Rejected by Stripe",
    "incomplete": "Begun, not finished",
    "restricted": "Restricted: something is missing",
    "pending": "Stripe is checking",
    "restricted_soon": "Can sell and be paid; something is due soon",
    "enabled": "Can sell and be paid",
    "complete": "Can sell and be paid; nothing left to do",
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
REFUSALS = {
    "nothing_due": "Nothing is left to do: Stripe has all it needs.",
    "creator.stripe.not_creator": "Become a creator first.",
    "creator.stripe.account_not_found": "Begin onboarding first.",
    "creator.stripe.not_active": "The dashboard opens once Stripe has all it needs.",
    "creator.stripe.connect_in_progress": "One moment: your account is just being made.",
}
