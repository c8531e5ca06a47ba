"""A matter with its steps."""
