"""Two small made-up councils in → a model trained on one and judged on the other, in counts and pictures."""

# %% [markdown]
# # How a model is trained and judged
#
# A model says what each degree of agreement is worth. It is estimated from two files without anybody's labels, by
# `linkage train`. It is then judged on *other* people, whose truth is known: here made-up ones of another seed.
#
# Run it from top to bottom, or as `python notebooks/train_and_judge.py`; it takes well under a minute. Only counts and
# the model's own numbers are printed; a model holds no value of a person. A population this small trains a rough model:
# never use it for anything but looking.

# %%
import tempfile
from pathlib import Path

from linkage import model_folder, pipeline
from linkage.config import LinkJob
from linkage.evaluation.costs import Costs
from linkage.evaluation.evaluate import evaluate
from linkage.evaluation.page import reliability
from linkage.evaluation.threshold import trade_off, trade_off_table
from linkage.pages import charts
from linkage.pages.charts import Part
from linkage.pages.page import element, page, section
from linkage.population import generate
from linkage.training.train import train

folder = Path(tempfile.mkdtemp(prefix="linkage-notebook-"))
learnt_from, judged_on, trained_folder = folder / "learnt_from", folder / "judged_on", folder / "model"

# %% [markdown]
# ## 1. Two populations
# One to learn from, one to be judged by. A model that is judged by the people it learnt from looks better than it is.

# %%
for seed, where in ((1, learnt_from), (2, judged_on)):
    counts = generate(6_000, 900, seed, where)
    print(
        f"seed {seed}: {counts['council_rows']:,} council records, {counts['register_rows']:,} in the register"
    )

# %% [markdown]
# ## 2. Train
# `linkage train council.csv nhs.csv --out …`. *m* is found by expectation maximisation among the candidates of each record,
# begun in three places; *u* among random pairs of a council's row and a register's row, without true pairs and kin; the
# *relatives' u* between a record and those who share a home with its person, and the *twins' u* among those of them who were
# born on one day. A run adapts m to its own data once more.

# %%
train(
    pipeline.council(learnt_from / "council.csv"),
    pipeline.nhs(learnt_from / "nhs.csv"),
    trained_folder,
    seed=1,
)
trained = model_folder.load(str(trained_folder))
print(
    f"model {trained.version}: {len(trained.comparisons)} comparisons, {len(trained.blocking)} blocking rules"
)
print(f"relatives for each person of the register: {trained.relatives:.2f}; twins: {trained.twins:.4f}")

# %% [markdown]
# ## 3. m, u and the relatives' u
# Each level of agreement, with the share of true pairs that reach it (*m*), of pairs of strangers (*u*), and of pairs of
# two people of one home born on different days (*relatives' u*). The evidence is log2 of their ratio, in bits. A surname is worth much against a
# stranger and next to nothing against a sister; a date of birth is worth much against both, and nothing against a twin.
# (Pairs of one home share it or shared it, but a council mistypes a sister's address as often as one's own.)

# %%
print(f"{'':50}{'m':>9}{'u':>11}{'relatives':>11}{'bits':>7}{'bits at home':>14}")
for comparison in trained.comparisons:
    print(comparison.name)
    for level in comparison.levels:
        if not level.missing:
            print(
                f"  {level.wording[:47]:48}{level.m:>9.4f}{level.u:>11.6f}{level.relative_u:>11.6f}"
                f"{level.weight:>+7.1f}{level.relative_weight:>+14.1f}"
            )

# %%
usual = [
    max((level for level in found.levels if not level.missing), key=lambda level: level.m)
    for found in trained.comparisons
]
bits_picture = charts.bars(
    "What the usual agreement is worth",
    "Bits that the commonest level of true pairs adds: against strangers, and against people of the same home",
    [
        Part(f"{found.name.replace('_', ' ')}, {against}", max(bits, 0.0), look, f"{bits:+.1f}")
        for found, level in zip(trained.comparisons, usual, strict=True)
        for against, look, bits in (
            ("strangers", "council", level.weight),
            ("same home", "nhs", level.relative_weight),
        )
    ],
    max(level.weight for level in usual),
)

# %% [markdown]
# ## 4. Judge it on other people
# The same council is linked with the model just trained and with the one that ships.

# %%
judgements = {}
for name in (str(trained_folder), "default"):
    out = folder / f"run_{Path(name).name}"
    job = LinkJob(pipeline.council(judged_on / "council.csv"), pipeline.nhs(judged_on / "nhs.csv"), out, name)
    pipeline.link(job)
    judgements[Path(name).name] = evaluate(out, judged_on / "truth.csv")
print(f"{'':10}{'accept':>8}{'review':>8}{'none':>8}{'wrong':>7}{'precision':>11}{'recall':>9}")
for name, result in judgements.items():
    counts = result["counts"]
    print(
        f"{name:10}{counts['accept']:>8,}{counts['review']:>8,}{counts['none']:>8,}{result['wrong']:>7,}"
        f"{result['precision']:>11.4f}{result['recall']:>9.4f}"
    )

# %% [markdown]
# ## 5. Calibration: does 0.99 mean 99 in 100?
# Proposals (accepted or in review) in order of their confidence, in 15 groups of the same size: what was said beside what
# was right. ECE is the mean distance of the two.

# %%
result = judgements["model"]
calibration = result["calibration"]
print(f"calibrated on: {trained.calibrated_on}")
print(f"proposals {calibration['n']:,}; ECE {calibration['ece']:.4f}; Brier score {calibration['brier']:.4f}")
print(f"{'proposals':>10}{'said':>9}{'right':>9}")
for group in calibration["reliability"]:
    print(f"{group['n']:>10,}{group['confidence']:>9.4f}{group['right']:>9.4f}")

# %% [markdown]
# ## 6. Thresholds: what another threshold would give
# `linkage threshold DIR --truth truth.csv --cost-false 100 --cost-missed 1`. Guards hold at every threshold. The model's
# own thresholds are in its `model.toml`; those suggested cost least *here*, with so few mistakes that they mean little.

# %%
traded = trade_off(folder / "run_model", Costs(false=100, missed=1), truth=judged_on / "truth.csv")
print(f"the model accepts from {trained.accept:g} and proposes from {trained.review:g}")
for label, value in trade_off_table(traded):
    print(f"{label:46} {value}")
oracle = result["oracle"]
print(f"recall at precision 0.999, threshold chosen with the truth: {oracle['recall'] or 0:.4f}")

# %% [markdown]
# ## 7. Precision and recall by scenario
# Each council record carries tags of what happened to it. Small groups say little: the interval shows how little.

# %%
scenarios = result["by"]["scenario"]
print(f"{'scenario':26}{'records':>8}{'wrong':>7}{'precision':>11}{'recall':>9}  95 % interval of recall")
for name, found in sorted(scenarios.items(), key=lambda item: (item[1]["recall"] is None, item[1]["recall"])):
    shares = [f"{found[share]:.4f}" if found[share] is not None else "-" for share in ("precision", "recall")]
    interval = found["recall_interval"]
    told = f"{interval[0]:.2f} to {interval[1]:.2f}" if interval else ""
    print(f"{name:26}{found['n']:>8,}{found['wrong']:>7,}{shares[0]:>11}{shares[1]:>9}  {told}")
recall_picture = charts.bars(
    "Recall by scenario",
    "Share of records with a right answer that were linked to it without a human, by what happened to the record",
    [
        Part(name.replace("_", " "), found["recall"], "accept", f"{found['recall']:.2f}")
        for name, found in sorted(scenarios.items(), key=lambda item: item[1]["recall"] or 0.0)
        if found["recall"] is not None
    ],
    1.0,
)

# %% [markdown]
# ## 8. The pictures
# All pictures on one page that needs nothing else.

# %%
pictures = folder / "pictures.html"
pictures.write_text(
    page(
        "A model in pictures",
        element("h1", "A model in pictures"),
        section("What the usual agreement is worth", bits_picture),
        section("Is the confidence what it says", reliability(result["calibration"])),
        section("Recall by scenario", recall_picture),
        banner="TEST DATA: these people are made up",
    ),
    encoding="utf-8",
)
print(f"The pictures are in {pictures}, the model in {trained_folder}")
