"""Who calls from outside: the command line and tables."""
