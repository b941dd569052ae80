"""Harbour Market: a marketplace that exists only in the demo, in the place of your platform."""
