"""The API reference in a browser: both dialects' operations, each to be tried with a token."""
