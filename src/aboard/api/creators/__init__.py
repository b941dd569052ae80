"""The creators dialect: an envelope around every answer, dotted keys for every message."""
