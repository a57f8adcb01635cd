"""What `link` cost at several sizes → how each cost grows with size, and what it would be for a country."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

COSTS = ("wall_s", "cpu_s", "peak_mb", "pairs", "from_comparing_s", "from_comparing_cpu_s")
PEOPLE, CLIENTS, CORES, MEMORY_GB = 60_000_000, 500_000, 16, 64
BUSY = 0.7
ASSUMPTIONS = (
    "By power laws: a cost grows as the council's size to one power times the register's size to another, each fitted with "
    "the other size held. Start-up and what else is the same at any size bend the powers of small runs down, so seconds "
    "and memory may be read too low.",
    "By straight lines: every council record and every person beyond the sizes measured cost what they did between the two "
    "largest of them. What a record costs is held to be the same in any register. Pairs are not told by it: a larger "
    "register can mean fewer.",
    "Both reach far beyond what was measured. The largest register here is a small part of the country.",
    f"Seconds by the clock are those of processor divided by the cores, of which {BUSY:.0%} are busy; decisions and the writing "
    "of files go by one core and would make it longer. Each core is as fast as one of the machine of this measurement, at "
    "the load that it had.",
    "What memory does not hold is spilled to disk, whose time is not reckoned.",
    "The people are made up. In a whole country more rows share each key, and keys that more than a hundred share are set "
    "aside: what the loose rules find would fall further than the powers say, and recall with it.",
)


@dataclass(frozen=True)
class Point:
    """One measured size: rows of both files and each of `COSTS`."""

    council: int
    register: int
    costs: dict[str, float]


def power_law(sizes: list[float], costs: list[float]) -> dict[str, float]:
    """cost = constant · size ** exponent, by least squares on the logs of both; of two sizes at least."""
    x, y = [math.log(size) for size in sizes], [math.log(max(cost, 1e-9)) for cost in costs]
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    slope = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    slope /= sum((a - middle_x) ** 2 for a in x)
    constant = math.exp(middle_y - slope * middle_x)
    return {"exponent": round(slope, 3), "constant": float(f"{constant:.3g}")}


def growth(councils: list[Point], registers: list[Point]) -> dict[str, Any]:
    """What was measured, the power laws of it, and what they project; one point is in both lists."""
    every = councils + [point for point in registers if point not in councils]
    pairs = [point.costs["pairs"] for point in every]
    return {
        "measured": [{"council": x.council, "register": x.register} | x.costs for x in every],
        "by_council_size": {name: power_law(*_council_sizes(councils, name)) for name in COSTS},
        "by_register_size": {name: power_law(*_register_sizes(registers, name)) for name in COSTS},
        "by_pairs": {name: power_law(pairs, [x.costs[name] for x in every]) for name in ("wall_s", "cpu_s")},
        "projected": _projected(councils, registers),
    }


def flat(councils: list[Point]) -> dict[str, Any]:
    """Milliseconds of processor for a council record at each size, against one register.

    Those of the whole run share out what the register costs among few records or many; those of the further records, from
    one size to the next, do not.
    """
    whole = [1000 * x.costs["cpu_s"] / x.council for x in councils]
    further = [
        1000 * (more.costs["cpu_s"] - less.costs["cpu_s"]) / (more.council - less.council)
        for less, more in pairwise(councils)
    ]
    return {
        "register": councils[0].register,
        "council": [x.council for x in councils],
        "ms_a_record": [round(each, 2) for each in whole],
        "largest_by_smallest": round(max(whole) / min(whole), 2),
        "ms_a_further_record": [round(each, 2) for each in further],
        "largest_by_smallest_further": round(max(further) / min(further), 2) if min(further) > 0 else None,
    }


def _projected(councils: list[Point], registers: list[Point]) -> dict[str, Any]:
    """The country by both ways."""
    told: dict[str, Any] = {
        "people": PEOPLE,
        "clients": CLIENTS,
        "cores": CORES,
        "memory_gb": MEMORY_GB,
        "assumptions": list(ASSUMPTIONS),
    }
    for way, projected in (("by_power_laws", _by_powers), ("by_straight_lines", _by_lines)):
        seconds, megabytes = (projected(councils, registers, name) for name in ("cpu_s", "peak_mb"))
        told[way] = {
            "cpu_hours": float(f"{seconds / 3600:.2g}"),
            "hours": float(f"{seconds / 3600 / CORES / BUSY:.2g}"),
            "peak_gb": float(f"{megabytes / 1024:.2g}"),
            "fits_in_memory": megabytes / 1024 <= MEMORY_GB,
        }
    told["by_power_laws"]["pairs"] = float(f"{_by_powers(councils, registers, 'pairs'):.2g}")
    return told


def _by_powers(councils: list[Point], registers: list[Point], name: str) -> float:
    """One cost of the country, from the point that both lists have."""
    [base] = [point for point in councils if point in registers]
    council = power_law(*_council_sizes(councils, name))["exponent"]
    register = power_law(*_register_sizes(registers, name))["exponent"]
    grown = (CLIENTS / base.council) ** council * (PEOPLE / base.register) ** register
    return float(base.costs[name] * grown)


def _by_lines(councils: list[Point], registers: list[Point], name: str) -> float:
    """One cost of the country, from the same point."""
    [base] = [point for point in councils if point in registers]
    a_record = _slope(*_council_sizes(councils[-2:], name))
    a_person = _slope(*_register_sizes(registers[-2:], name))
    return base.costs[name] + a_record * (CLIENTS - base.council) + a_person * (PEOPLE - base.register)


def _slope(sizes: list[float], costs: list[float]) -> float:
    return (costs[1] - costs[0]) / (sizes[1] - sizes[0])


def _council_sizes(points: list[Point], name: str) -> tuple[list[float], list[float]]:
    return [point.council for point in points], [point.costs[name] for point in points]


def _register_sizes(points: list[Point], name: str) -> tuple[list[float], list[float]]:
    return [point.register for point in points], [point.costs[name] for point in points]
