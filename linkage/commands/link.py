"""Two files in → a published run of the main job."""

from linkage.commands import (
    CouncilFile,
    CouncilProfile,
    Json,
    Maps,
    Memory,
    ModelName,
    NhsFile,
    NhsProfile,
    Objections,
    Out,
    SaveProfile,
    Seed,
    Threads,
    mapped,
    print_run,
    stages,
)
from linkage.tables import NHS


def command(
    council: CouncilFile,
    nhs: NhsFile,
    out: Out,
    model: ModelName = "default",
    mappings: Maps = None,
    council_profile: CouncilProfile = "",
    nhs_profile: NhsProfile = "",
    objections: Objections = None,
    save_profile: SaveProfile = None,
    threads: Threads = 0,
    memory: Memory = "",
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Link council records to NHS Numbers."""
    from linkage import pipeline
    from linkage.config import Limits, LinkJob

    job = LinkJob(
        council=pipeline.council(council, council_profile, mapped(mappings), save_profile),
        nhs=pipeline.nhs(nhs, nhs_profile, mapped(mappings, NHS)),
        out=out,
        model=model,
        objections=objections,
        limits=Limits(threads, memory, seed),
    )
    with stages() as progress:
        manifest = pipeline.link(job, progress)
    print_run(manifest, as_json, out)
