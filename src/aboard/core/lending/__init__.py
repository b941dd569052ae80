"""The rules of the gateway: which operations there are, who may call which, and why not.

Callers hold a token of ours and never Stripe's key. These rules are pure: the flows look callers
up and write calls down, and the gateway carries the bytes.
"""
