"""What mistakes cost → the bands of an exact confidence that cost least."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Costs:
    """What a wrong link, a missed link and a pair looked at by a person cost, in one unit of the user's own."""

    false: float = 100.0
    missed: float = 1.0
    review: float = 0.2


def calibrated_rule(costs: Costs) -> dict[str, float]:
    """The bands that cost least on average if the confidence p is exactly what it says.

    Accepting costs (1 - p) times `false`, doing nothing p times `missed`, and reviewing `review`: the least of the three
    is chosen (source: Chow 1970, the reject option).
    """
    even = costs.false / (costs.false + costs.missed) if costs.false + costs.missed else 0.5
    looked_at_up_to = 1 - costs.review / costs.false if costs.false else 0.0
    looked_at_from = costs.review / costs.missed if costs.missed else 1.0
    if looked_at_from >= looked_at_up_to:
        return {"accept": even, "review": even}
    return {"accept": looked_at_up_to, "review": looked_at_from}
