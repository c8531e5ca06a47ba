"""Regions: where things happen and who serves there.

Divisions down to the village (public codes), the county's own grids, units, posts with dates and stand-ins,
calendar days and hours. The kernel receives of all this one frozen value: `rules.Cast`.
"""
