"""Where PostgreSQL is: DATABASE_URL for a served one, else the embedded one of this instance."""

DATABASES: dict[str, dict[str, object]] = {}
