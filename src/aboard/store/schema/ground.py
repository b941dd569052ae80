"""What do all tables stand on? One set of names, and keys that count by themselves.

Source: ADR-0008, SQLite first.
"""

from sqlalchemy import BigInteger, Integer, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

# SQLite gives out numbers by itself only to a key of the exact type INTEGER.
COUNTED = BigInteger().with_variant(Integer(), "sqlite")
