"""The door for programs: `/api/v1`, where moves describe themselves, refusals say what to do. It holds no rules."""
