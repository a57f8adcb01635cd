"""A run's folder and a file with the truth → one `Judged` per record of the truth."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from linkage.errors import InputError
from linkage.reading.lists import read_list
from linkage.runs.run_folder import table_of
from linkage.tables import DECISION

Groups = dict[str, str]

# Columns of a truth file that records are grouped by, other than scenarios and the year of birth → kind of group.
COLUMNS = {
    "origin": "origin",
    "sex": "sex",
    "ethnicity": "ethnicity",
    "ethnic_group": "ethnicity",
    "deprivation": "deprivation",
}


@dataclass(frozen=True)
class Judged:
    """One record of the truth, with what the run said about it; `band` is "absent" if the run did not have it.

    `candidates` are the NHS Numbers that the run kept evidence of, best first; `compared` is how many candidates it had
    in all. `decided`: people decided on the record, so the confidence is not the model's.
    """

    record_id: str
    truth: str
    band: str
    proposed: str
    confidence: float
    groups: tuple[tuple[str, str], ...] = ()
    guards: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    compared: int = 0
    decided: bool = False

    @property
    def in_register(self) -> bool:
        """Whether there is a right answer."""
        return self.truth != ""

    @property
    def right(self) -> bool:
        """Whether the number proposed is the right one."""
        return self.in_register and self.proposed == self.truth

    @property
    def accepted(self) -> bool:
        """Whether the run linked the record without asking anybody."""
        return self.band == "accept"

    @property
    def best_is_right(self) -> bool:
        """Whether the best candidate is the right one, proposed or not."""
        best = self.candidates[0] if self.candidates else self.proposed
        return self.in_register and best == self.truth


def read_links(folder: Path) -> list[dict[str, str]]:
    """Rows of a run's links.csv; InputError if the folder is not that of a link run, or a confidence is not a number from
    0 to 1."""
    path = folder / "links.csv"
    rows = read_table(path, ("record_id", "nhs_number", "band", "confidence"))
    for place, row in enumerate(rows, start=2):
        if not _is_share(row["confidence"]):
            raise InputError(
                f"{path}, row {place}: confidence is no number from 0 to 1. Another program has saved the file; link again."
            )
    return rows


def _is_share(text: str) -> bool:
    """Whether the text is a number from 0 to 1, or empty, which counts as 0."""
    try:
        return 0 <= float(text or 0) <= 1
    except ValueError:
        return False


def read_candidates(folder: Path) -> dict[str, tuple[str, ...]]:
    """Record id → NHS Numbers of the candidates that the run kept evidence of, best first; empty without evidence."""
    if not (folder / "evidence.parquet").is_file():
        return {}
    candidates = table_of(folder, "evidence.parquet", ("record_id", "rank", "nhs_number"))
    found: dict[str, dict[int, str]] = {}
    for row in candidates.group_by(candidates.column_names).aggregate([]).to_pylist():
        found.setdefault(row["record_id"], {})[row["rank"]] = row["nhs_number"]
    return {
        record_id: tuple(by_rank[rank] for rank in sorted(by_rank)) for record_id, by_rank in found.items()
    }


def judged(
    links: Iterable[dict[str, str]],
    answers: Iterable[dict[str, str]],
    candidates: dict[str, tuple[str, ...]],
    groups: dict[str, Groups],
) -> list[Judged]:
    """One `Judged` per record of the truth, in the order of record ids; `groups` (by record id) add to the truth's."""
    said = {row["record_id"]: row for row in links}
    nothing = {"band": "absent", "nhs_number": "", "confidence": ""}
    found = []
    for answer in answers:
        record_id = answer["record_id"]
        link = said.get(record_id, nothing)
        found.append(
            Judged(
                record_id=record_id,
                truth=answer["nhs_number"].replace(" ", ""),
                band=link["band"],
                proposed=link["nhs_number"],
                confidence=float(link["confidence"] or 0),
                groups=_groups(answer, groups.get(record_id, {})),
                guards=tuple(name for name in link.get("guards", "").split(";") if name),
                candidates=candidates.get(record_id, ()),
                compared=int(link.get("candidates") or 0),
                decided=link.get("method") == DECISION,
            )
        )
    return sorted(found, key=lambda record: record.record_id)


def council_groups(path: Path) -> dict[str, Groups]:
    """Record id of a council file → its sex, decade of birth, ethnic group and deprivation, where the file has them."""
    from linkage.database import columns_of, open_database
    from linkage.pages.figures import WAYS
    from linkage.pipeline import council, read_records

    found: dict[str, Groups] = {}
    with open_database() as database:
        read_records(database, [council(path)])
        columns = columns_of(database, "record")
        for kind, (_, column, expression) in WAYS.items():
            if column not in columns:
                continue
            for record_id, group in database.execute(
                f"SELECT record_id, {expression} FROM record GROUP BY record_id"
            ).fetchall():
                if group:
                    found.setdefault(record_id, {})[kind] = str(group)
    return found


def _groups(answer: dict[str, str], known: Groups) -> tuple[tuple[str, str], ...]:
    scenarios = [("scenario", name.strip()) for name in answer.get("scenarios", "").split(";")]
    groups = known | {kind: answer[column] for column, kind in COLUMNS.items() if answer.get(column)}
    year = answer.get("birth_year", "")[:4]
    if len(year) == 4 and year.isdigit():
        groups["born"] = f"{year[:3]}0s"
    return tuple((kind, group) for kind, group in [*scenarios, *groups.items()] if group)


def read_table(path: Path, needed: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a CSV or Parquet file as text; InputError if it cannot be read or lacks a column that is `needed`."""
    try:
        rows = read_list(path)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{path} cannot be read as {path.suffix or 'CSV'} ({type(error).__name__})."
        ) from None
    missing = [name for name in needed if rows and name not in rows[0]]
    if missing:
        raise InputError(f"{path} has no column {', '.join(missing)}. It needs: {', '.join(needed)}.")
    return rows
