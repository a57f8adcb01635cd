"""The finished tables → report.html: what was linked, how sure, what was not and why; it names nobody, but counts exactly."""

from pathlib import Path

from linkage.outputs import Run
from linkage.pages import section_blocking, section_model, sections, wording
from linkage.pages.page import anchor, element, page, section

FILES = ("report.html",)

TITLES = {"link": "Linkage report", "dedupe": "Report on records of the same person"}
SECTIONS = {
    "link": {
        "What was linked": sections.outcome,
        "How sure": sections.certainty,
        "What was uncertain, and why": sections.uncertain,
        "What was left out, and why": sections.left_out,
        "Linkage by group": sections.fairness,
        "Quality of the data": sections.quality,
        "People and their records": sections.people,
        "What was not compared": section_blocking.blocking,
        "How it was done": sections.method,
        "The model": section_model.model,
        "Words": sections.glossary,
    },
    "dedupe": {
        "People and their records": sections.people,
        "What was left out, and why": sections.left_out,
        "Quality of the data": sections.quality,
        "The model": section_model.model,
        "Words": sections.glossary,
    },
}


def write(run: Run, folder: Path) -> None:
    """Write the report of a link run or of a run on one dataset."""
    (folder / "report.html").write_text(report(run), encoding="utf-8", newline="\n")


def report(run: Run) -> str:
    """The report's HTML."""
    title = TITLES[run.kind]
    parts = SECTIONS[run.kind]
    contents = [element("li", element("a", name, href=f"#{anchor(name)}")) for name in parts]
    told = [f"Run {run.run_id}", f"model {run.model.name} {run.model.version}"]
    if run.manifest.get("purpose"):
        told.append(f"purpose: {run.manifest['purpose']}")
    return page(
        title,
        element("h1", title),
        element("p", f"{', '.join(told)}.", class_="soft"),
        element("p", wording.NOT_FOR_RELEASE),
        *(element("p", f"Beware: {caution}", class_="lead") for caution in run.manifest.get("cautions", [])),
        element("nav", element("ol", *contents), aria_label="Contents"),
        *(section(name, make(run)) for name, make in parts.items()),
        banner=wording.TEST_DATA if run.manifest.get("test_data") else "",
    )
