"""The sign-in dialect: for small installations, where nobody else knows the users."""
