"""Stripe's second generation: its operations, as far as events need them."""
