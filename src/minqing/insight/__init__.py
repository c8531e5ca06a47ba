"""Looking back and ahead: measures and the twin."""
