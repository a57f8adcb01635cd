"""One side says Senior and the other Junior; or a side says either, and a birth date is missing that would tell which is meant.

Where somebody is called Junior there is, or was, another person of the same name, most often in the same home.
"""

from linkage.guards import SAME_NUMBER, at

WORDING = "one of them is called Junior or Senior, and father and son may share a name"


def _said(word: str, side: str) -> str:
    """Condition that Junior or Senior stands in the forename or surname of a side."""
    return " OR ".join(f"list_contains(flags_{side}, '{name}_{word}')" for name in ("forename", "surname"))


CONDITION = f"""
    shows_relatives AND (
        ({_said("junior", "l")}) AND ({_said("senior", "r")})
        OR ({_said("senior", "l")}) AND ({_said("junior", "r")})
        OR {at("date_of_birth", "missing")}
            AND ({_said("junior", "l")} OR {_said("senior", "l")} OR {_said("junior", "r")} OR {_said("senior", "r")})
            AND NOT {SAME_NUMBER}
    )
"""
