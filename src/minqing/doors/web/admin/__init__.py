"""Pages of administrators and auditors: units and posts, methods, calendar, regions, health; who read what."""
