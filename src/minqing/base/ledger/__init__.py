"""The append-only table: lines chained by hashes that the database computes, roots signed daily and kept outside.

Streams tell what a line is about; a subject is one chain. Update, delete and truncate are refused to everyone, also
to the owner; `verify` finds what somebody did who took the triggers away. `docs/store.md` has the canonical form.
"""
