"""The clock: pure reckoning of due times, budgets against calendars and working hours. No Django, no I/O, no `now`.

Start at `reckoning` (due, rung_moment, explain); `budgets` and `dates` read what method files write.
"""
