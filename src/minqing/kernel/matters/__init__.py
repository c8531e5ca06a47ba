"""Matters: one concern, one code, one owner, one clock, an answer. Pure decide and evolve first; the journal writes."""
