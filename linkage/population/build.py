"""Numbers, a seed and an empty folder → the four files in that folder and the counts of what is in them."""

from pathlib import Path

import numpy as np

from linkage.config import Progress
from linkage.population.clients import Selection, choose_clients
from linkage.population.council import Council, write_council
from linkage.population.exports import write_council_file, write_objections, write_truth
from linkage.population.exports_register import write_register
from linkage.population.mistakes import hold_numbers, make_mistakes, rate_of
from linkage.population.world import World, make_world


def build(
    people: int, clients: int, seed: int, folder: Path, hard: bool, progress: Progress
) -> dict[str, int]:
    """Writes the four files; `hard` as `linkage.population.generate` has it."""
    seeds = np.random.SeedSequence(seed).spawn(7)
    progress(f"Making up {people:,} people")
    world = make_world(seeds[0], people)
    progress(f"Choosing {clients:,} clients")
    rates = rate_of("absent_from_register", hard), rate_of("second_record", hard)
    selection = choose_clients(np.random.default_rng(seeds[1]), world, clients, *rates)
    council = write_council(np.random.default_rng(seeds[2]), world, selection)
    progress(f"Making mistakes in {len(council):,} records")
    make_mistakes(seeds[3], world, council, hard)
    hold_numbers(seeds[4], world, selection, council, hard)
    progress("Writing the files")
    write_council_file(folder / "council.csv", council)
    write_truth(folder / "truth.csv", world, selection, council)
    objections = write_objections(np.random.default_rng(seeds[5]), folder / "objections.csv", council)
    write_register(np.random.default_rng(seeds[6]), folder / "nhs.csv", world, selection.present)
    return _counts(world, selection, council, objections)


def _counts(world: World, selection: Selection, council: Council, objections: int) -> dict[str, int]:
    client_people = np.unique(council.person[selection.is_client])
    counts = {
        "people": len(world.people),
        "register_rows": int(selection.present.sum()),
        "council_rows": len(council),
        "clients": len(client_people),
        "clients_absent": int((~selection.present[client_people]).sum()),
        "objections": objections,
    }
    return counts | {f"scenario_{name}": int(council.tags[name].sum()) for name in sorted(council.tags)}
