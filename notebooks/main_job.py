"""A small made-up council in → its main job, step by step, in counts and pictures; it looks and never does."""

# %% [markdown]
# # The main job, step by step
#
# A council and a register are made up, checked, linked and looked at: bands, weights, one explained record, what waits
# for a human, people with several records; then the answers are held against the truth, which only made-up data has.
#
# Run it from top to bottom, in any editor that knows `# %%` cells or as `python notebooks/main_job.py`; it takes well
# under a minute. Only counts are printed. Every step is a function of the product and has a command of the same name.

# %%
import tempfile
from pathlib import Path

import duckdb

from linkage import pipeline
from linkage.check import check, problems
from linkage.config import Dataset, LinkJob
from linkage.database import open_database
from linkage.evaluation.evaluate import evaluate
from linkage.evaluation.table import evaluation_table
from linkage.pages import charts, figures
from linkage.pages.charts import Part
from linkage.pages.page import element, page, section
from linkage.population import generate
from linkage.reading.lists import read_rows
from linkage.runs.explain import explain
from linkage.tables import LINKABLE_BANDS, SCREENED_BAND

folder = Path(tempfile.mkdtemp(prefix="linkage-notebook-"))
made, out = folder / "made", folder / "out"

# %% [markdown]
# ## 1. Make up a council and a register
# `linkage generate` makes up households, their moves, marriages, nicknames and namesakes, and then what goes wrong in a
# council's records of them. Each council record carries tags of what was done to it (`scenarios` in truth.csv).

# %%
made_counts = generate(8_000, 800, 1, made)
for name in ("people", "register_rows", "council_rows", "clients", "clients_absent", "objections"):
    print(f"{name.replace('_', ' '):20} {made_counts[name]:>8,}")

# %% [markdown]
# ## 2. Check the council's file before linking it
# `linkage check` says which columns were recognised, how full they are and how much of them can be used.

# %%
with open_database(folder) as database:
    checked = check(database, Dataset("council", made / "council.csv"))
print(
    f"read as {checked['profile']}; {checked['enough_to_link']['share']:.1%} of rows would take part in a run"
)
for problem in problems(checked):
    print("-", problem)
for name, held in checked["inputs"].items():
    print(f"{name:26} filled {held['completeness']:>7.1%}")

# %% [markdown]
# ## 3. Link
# `linkage link council.csv nhs.csv --out …`, with the file of people who object to the use of their NHS Number.
# Rules of blocking choose the pairs that are worth comparing: one pair may be found by several rules. The model adapts to
# these data: how often true pairs disagree, how many relatives the register shows, how many records it has.

# %%
manifest = pipeline.link(
    LinkJob(
        council=pipeline.council(made / "council.csv"),
        nhs=pipeline.nhs(made / "nhs.csv"),
        out=out,
        objections=made / "objections.csv",
    )
)
stages = manifest["stages"]
print(f"pairs compared {stages['pairs_compared']:,}, kept {stages['pairs_kept']:,}")
print(f"share of council records estimated to be in the register: {manifest['share_in_register']}")
for reason, number in stages["screened"].items():
    print(f"left out, {reason}: {number:,}")

# %% [markdown]
# ## 4. Bands: where every record went
# *accept* can be used as it stands, *review* waits for a human, *none* has nobody likely enough, *screened* may not be
# linked at all.

# %%
bands = manifest["counts"]
bands_picture = charts.stacked_bar(
    "Where every record went",
    "Council records by band",
    [
        Part(band, bands[band], band, f"{bands[band]:,}")
        for band in (*LINKABLE_BANDS, SCREENED_BAND)
        if band in bands
    ],
)
print("; ".join(f"{band} {number:,}" for band, number in bands.items()))

# %% [markdown]
# ## 5. Weights: how far good links stand from the rest
# The match weight of a record's best candidate, in bits: each bit doubles the odds. The two hills should be far apart,
# and what waits for a human should stand between them or be there because a guard spoke.

# %%
database = duckdb.connect()
database.execute("CREATE TABLE link AS SELECT * FROM read_parquet(?)", [str(out / "links.parquet")])
bins, series = figures.weights(database)
weights_picture = charts.stacked_columns(
    "Match weights",
    "Council records by the match weight of their best candidate, in bits",
    bins,
    series,
    {"accept": "accept", "review": "review", "none": "none"},
)
print(f"{'bits from':>10}" + "".join(f"{band:>10}" for band in series))
for start, *numbers in zip(bins, *series.values(), strict=True):
    print(f"{start:>10}" + "".join(f"{number:>10,}" for number in numbers))

# %% [markdown]
# ## 6. One record explained
# `linkage explain DIR RECORD_ID` shows the evidence for and against each candidate of a record. Here: the record whose
# proposal has the highest weight of those that a guard has stopped. Values are left out; `explain` itself shows them.

# %%
[(record_id,)] = database.execute(
    """
    SELECT record_id FROM link WHERE band = 'review' AND guards <> ''
    ORDER BY match_weight DESC, record_id LIMIT 1
    """
).fetchall()
explained = explain(out, record_id)
steps = explained["candidates"][0]["evidence"]
record_picture = charts.waterfall(
    "One record explained",
    "Each step is one piece of evidence in bits: to the right for the candidate, to the left against",
    [
        Part(
            step["wording"],
            step["weight"],
            "for" if step["weight"] >= 0 else "against",
            f"{step['weight']:+.1f}",
        )
        for step in steps
    ],
)
for step in steps:
    print(f"{step['wording']:50} {step['weight']:+7.1f}")
print(f"{'all the evidence together':50} {explained['candidates'][0]['match_weight']:+7.1f}")
print("stopped by:", explained["decision"]["guards"].replace(";", ", "))

# %% [markdown]
# ## 7. What waits for a human
# `review.csv` has both sides' values, up to three candidates a record. These are the guards that sent records there; a
# record without one is simply less sure than the accept threshold.

# %%
waiting = read_rows(out / "review.csv")
print(f"{len({row['record_id'] for row in waiting}):,} records, {len(waiting):,} candidates to look at")
counted = database.execute(
    """
    SELECT coalesce(nullif(guards, ''), 'less sure than the accept threshold'), count(*)
    FROM link WHERE band = 'review' GROUP BY ALL ORDER BY ALL
    """
).fetchall()
for guards, number in counted:
    print(f"{guards.replace(';', ', '):50} {number:>5,}")

# %% [markdown]
# ## 8. People: council records that are one person
# `persons.csv` gives every record a `person_id`. A person with two council records is a duplicate to mend at the source.

# %%
database.execute(
    "CREATE TABLE person AS SELECT * FROM read_csv(?, header = true, all_varchar = true)",
    [str(out / "persons.csv")],
)
sizes = figures.clusters(database)
people_picture = charts.bars(
    "People by number of council records",
    "How many people have one, two, three council records",
    [Part(f"{records} record(s)", people, "council", f"{people:,}") for records, people in sizes],
    max(people for _, people in sizes),
)
for records, people in sizes:
    print(f"{records} council record(s): {people:,} people")
for conflict, people in figures.conflicts(database):
    print(f"in conflict, {conflict}: {people:,} people")
database.close()

# %% [markdown]
# ## 9. Hold it against the truth
# `linkage evaluate DIR --truth truth.csv`. Precision is of accepted links; recall is of linkable records whose person is
# in the register. A population this small says little about rare mistakes: look at the intervals.

# %%
judged = evaluate(out, made / "truth.csv")
for label, value in evaluation_table(judged):
    print(f"{label:60} {value}")

# %% [markdown]
# ## 10. The pictures
# All pictures on one page that needs nothing else.

# %%
pictures = folder / "pictures.html"
pictures.write_text(
    page(
        "The main job in pictures",
        element("h1", "The main job in pictures"),
        section("Where every record went", bands_picture),
        section("Match weights", weights_picture),
        section("One record explained", record_picture),
        section("People by number of council records", people_picture),
        banner="TEST DATA: these people are made up",
    ),
    encoding="utf-8",
)
print(f"The pictures are in {pictures}, the run in {out}")
