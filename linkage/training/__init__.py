"""A council's file and a register → the numbers of a model, and whether they are plausible."""
