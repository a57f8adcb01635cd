"""A finished run → what is asked of it: why a record was linked, whom the council knows, what changed between two."""
