"""The shelf of guards: rules that can stop an automatic link, one file a rule.

A file on this shelf holds

- `WORDING`: one plain sentence that says why a human should look, put into the link's reason;
- `CONDITION`: a DuckDB expression that is true where the guard fires, over one row per proposed link with
  `<column>_l` (council row) and `<column>_r` (NHS row) of `record`, `level_<comparison>` and `weight_<comparison>` (bits) of the pair, and what
  `linkage.decide.PROPOSED` lists (weights, margin, the number of people at the address …).

A guard turns an accept into a review; it never makes or changes a link.
"""
