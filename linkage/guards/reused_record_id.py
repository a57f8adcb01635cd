"""Rows that carry one record id describe different people."""

WORDING = "the rows under this record id describe different people"

CONDITION = "rows_disagree"
