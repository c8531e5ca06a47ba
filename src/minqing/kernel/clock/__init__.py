"""The clock: pure reckoning of due times."""
