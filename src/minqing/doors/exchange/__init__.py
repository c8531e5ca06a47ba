"""Exchange: tables in and out, in the dirt they come in, by a mapping file and with a row-by-row report."""
