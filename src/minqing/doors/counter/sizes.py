"""How much the doors take at once."""

MEGABYTE = 10**6  # as phones and browsers count
MOST_OF_A_FORM = 32 * MEGABYTE  # bytes, with its files
