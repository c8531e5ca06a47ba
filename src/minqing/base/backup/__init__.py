"""Backup and restore: one folder with the database of one snapshot, files of the home and a manifest; keys apart.

`taking` makes it while everything runs, `manifest` says what is in it, `restoring` brings it into an empty home,
`lately` says when the last one was made. What must be erased again is the vault's to know (`registers/vault/erasures`).
Decided in docs/decisions/0009.
"""
