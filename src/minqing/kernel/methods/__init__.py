"""Methods: the format of work-method files, their loading and checks. Pure."""
