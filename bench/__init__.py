"""Figures of the product, as ratios taken in one run with the raw figures beside them. `make bench` runs them all."""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minqing.settings")
django.setup()  # what reads the register imports its tables
