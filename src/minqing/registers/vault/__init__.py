"""The vault: personal data, words and files, sealed; each with its purpose, ground and end date."""
