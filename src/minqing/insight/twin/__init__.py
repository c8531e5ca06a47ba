"""The twin: a method tried on made-up arrivals and staffing, through the very same decide and evolve.

Nothing in it is about a person: chances belong to made-up work, no reporter has a history.
"""
