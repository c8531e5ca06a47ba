"""A county of a million open matters: how the whole of it answers, beside an empty one in the same minutes.

`measuring.measure()` loads both, asks them over HTTP as sixteen people do, lets the clock act, and keeps every plan of
the database under `bench/explain/`. Raw figures go to `bench/results/million.json`. `python -m bench.million --help`.
"""
