"""The organizations dialect: plain answers, and errors as `{code, message, request_id}`."""
