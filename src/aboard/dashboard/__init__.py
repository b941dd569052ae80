"""Web pages for owners: where am I, what is still asked for, go on, come back, start again."""
