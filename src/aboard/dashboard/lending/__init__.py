"""Web pages for operators: who may borrow the key, what was called, and the explorer."""
