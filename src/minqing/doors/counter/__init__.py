"""The counter: what pages and programs alike do with what is handed in. Moves as forms, fields read, faults told."""
