"""Fire: an instance of real processes under load from outside, killed -9 again and again; then everything is counted.

`python -m bench fire` (in `make faults`) prints what came of it and writes bench/results/faults.json. What is
promised and how it is counted: docs/faults.md. Limits: one machine; a kill is not a power cut (what was written to the
system survives it).
"""
