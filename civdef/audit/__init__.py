"""A linter for plans: one file per rule in ``audit/rules``, found by discovery; findings with file, line, clause and fix."""
