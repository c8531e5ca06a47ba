"""The roof: which event wakes which reaction, and which tool stands behind which port."""
