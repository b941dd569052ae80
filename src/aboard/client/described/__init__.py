"""What does the service say of itself? Its words, shapes, calls.

Written from the service's description by `make client-python`; not by hand.
"""
