"""Text: reads what residents write. Class, tags, urgency, whom it is against, masked copy, likely repeats, each with
its reason. Pure Python: no tables, no Django. What it says is a suggestion; a person decides."""
