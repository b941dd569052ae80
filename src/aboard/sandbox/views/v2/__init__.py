"""The facts as Stripe's second generation shows them."""
