"""A replica of a served PostgreSQL, and the rehearsal of its promotion."""
