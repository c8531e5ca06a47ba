"""What went wrong, in a sentence that says what to do. Doors print it; nothing swallows it."""

from __future__ import annotations


class MinqingError(Exception):
    """A fault that a person can mend: its text is shown as it stands, without a traceback."""


class BadInput(MinqingError):
    """Something handed in from outside cannot be taken; nothing was changed."""


class Conflict(MinqingError):
    """The thing was changed by somebody else meanwhile: read it again and decide again."""


class NotReady(MinqingError):
    """The machine or the instance lacks something; the text says which command brings it."""


class NotFound(BadInput):
    """There is no such thing, or whoever asks does not see it: the same sentence for both."""


class NotAllowed(MinqingError):
    """Who asks may not do this here; nothing was changed."""
