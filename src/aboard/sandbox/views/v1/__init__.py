"""The facts as Stripe's first generation shows them."""
