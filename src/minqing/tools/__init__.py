"""Instruments that the loop plays through ports."""
