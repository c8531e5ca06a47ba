"""Pages of desks: what waits, what is found, what is taken in."""
