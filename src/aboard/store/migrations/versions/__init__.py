"""The migrations, one idea each. Source: ADR-0008, SQLite first."""
