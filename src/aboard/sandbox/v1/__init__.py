"""Stripe's first generation: its operations, and how it shows the world's facts."""
