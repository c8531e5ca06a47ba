"""The ground: time, definition files, errors, the chained ledger, embedded PostgreSQL. It knows no domain word."""
