"""Measures: rates counted from the journal, each with its counts, its formula, and which way is better, if any."""
