"""A workspace: its settings, its store of runs, people and decisions, and its runs from what has changed."""
