"""Letters: what is to be told, as a frozen value, becomes a paper to hand over. Knows no matter and no county."""
