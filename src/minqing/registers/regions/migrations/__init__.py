"""Migrations of the regions register."""
