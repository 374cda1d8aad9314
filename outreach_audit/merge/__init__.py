"""Many published tallies as one: what may be added is added, the rest stands side by side or is refused, with why."""
