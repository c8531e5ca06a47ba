"""The loop: clock, methods and matters."""
