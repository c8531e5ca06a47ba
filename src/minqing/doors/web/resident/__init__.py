"""Pages of residents, without signing in."""
