"""Figures of the product, as ratios taken in one run with the raw figures beside them. `make bench` runs them all."""
