"""The current run's review list ↔ the pairwise layout of CROW, the clerical tool of the Office for National Statistics.

CROW (Clerical Resolution Online Widget) reads one row a pair with a column per side and value, and fills in `Match` (1
match, 0 non-match) and `Comments`. It is told the columns by a configuration file, which is written too. Its reader
takes long digits for numbers, so ids carry a letter in front, as its makers advise. Source: the repository
Data-Linkage/Clerical_Resolution_Online_Widget, files CROW_pairwise.py and Config_pairwise.ini.
"""

from pathlib import Path

from linkage.clerical.as_shown import refuse_other_values
from linkage.clerical.decisions import all_decisions, refuse_unknown
from linkage.clerical.keep import Kept, keep_listed
from linkage.clerical.rulings import standing
from linkage.clerical.verdicts import refuse_contradiction
from linkage.errors import InputError, MappingError, OutputError
from linkage.past import DIFFERENT, SAME, Decision, Side
from linkage.reading.lists import read_rows
from linkage.runs.run_records import fingerprints
from linkage.tables import COUNCIL, NHS
from linkage.tabular import write_rows
from linkage.weekly.run_names import current

LETTER = "x"
IDS = ("id_council", "id_nhs", "shown_council", "shown_nhs")
MATCH = {SAME: "1", DIFFERENT: "0"}
VERDICT_OF = {"1": SAME, "1.0": SAME, "0": DIFFERENT, "0.0": DIFFERENT}


def is_crow(columns: set[str]) -> bool:
    """Whether a list with these columns, in small letters, is in CROW's layout, as `export` writes it."""
    return {*IDS, "match"} <= columns


def export(folder: Path, file: Path) -> int:
    """Write the pairs for review to `file` and a configuration for CROW beside it; return how many pairs. OutputError if
    something has the configuration's name, InputError if the list is not as the run wrote it.

    A pair that was already decided on the values of the current run comes with its answer.
    """
    settings = file.with_suffix(".ini")
    if settings == file or settings.exists():
        raise OutputError(
            f"CROW's configuration would be {settings}: name a file that does not end in .ini, with no .ini beside it"
        )
    run = current(folder)
    pairs = read_rows(run / "review.csv")
    held = fingerprints(run, {row[name] for row in pairs for name in ("record_id", "nhs_number")})
    decided = {(each.left, each.right): each for each in standing(all_decisions(folder))}
    values = [name for name in (pairs[0] if pairs else {}) if name.endswith(("_council", "_nhs"))]
    rows = []
    for place, row in enumerate(pairs, start=2):
        if not {(COUNCIL, row["record_id"]), (NHS, row["nhs_number"])} <= held.keys():
            raise InputError(
                f"{run / 'review.csv'} row {place} names a record that is not in the run: a spreadsheet may have changed it"
            )
        sides = Side(*held[COUNCIL, row["record_id"]]), Side(*held[NHS, row["nhs_number"]])
        known = decided.get(sides)
        rows.append([
            *(LETTER + side.record_id for side in sides),
            *(LETTER + side.shown for side in sides),
            *(row[name] for name in values),
            MATCH.get(known.verdict, "") if known else "",
            known.why if known else "",
        ])  # fmt: skip
    write_rows(file, [*IDS, *values, "Match", "Comments"], rows)
    text = configuration(["id_council", "id_nhs", *values], file)
    settings.write_text(text, encoding="utf-8", newline="\n")
    return len(rows)


def configuration(columns: list[str], file: Path) -> str:
    """CROW's Config_pairwise.ini for these columns."""
    names = list(dict.fromkeys(column.rpartition("_")[0] for column in columns))
    headers = [f"{name} = {name} , {place}" for place, name in enumerate(names, start=1)]
    shown = []
    for column in columns:
        name, _, side = column.rpartition("_")
        shown.append(f"{column} = {column} , {side} , {names.index(name) + 1}")
    parts = {
        "custom_settings": ["commentbox = 1", "num_records_checkpoint = 5"],
        "matching_files_details": [f"file_pathway = {file.parent}"],
        "dataset_names": [f"dataset_{side} = {side}" for side in (COUNCIL, NHS)],
        "column_headers_and_order": headers,
        "columnfile_info_and_order": shown,
    }
    return "\n".join(f"[{part}]\n" + "\n".join(lines) + "\n" for part, lines in parts.items())


def import_rows(folder: Path, rows: list[dict[str, str]], file: str, who: str = "") -> Kept:
    """Keep the answers of a file that came back from CROW; pairs without an answer are passed over.

    What was shown is what was exported: if the records have changed since, the next run asks again.
    """
    given: dict[str, Decision] = {}
    for place, row in enumerate(rows, start=2):
        answer = row["match"].strip()
        if not answer:
            continue
        if answer not in VERDICT_OF:
            raise MappingError(f"{file} row {place}: Match is 1 for a match, 0 for none, or empty")
        council, nhs, shown_council, shown_nhs = (row[name].removeprefix(LETTER) for name in IDS)
        given[f"{file} row {place}: "] = Decision(
            0,
            Side(COUNCIL, council, shown_council),
            Side(NHS, nhs, shown_nhs),
            VERDICT_OF[answer],
            who="",
            at="",
            why=row.get("comments", ""),
        )
    held = fingerprints(
        current(folder), {side.record_id for each in given.values() for side in (each.left, each.right)}
    )
    refuse_contradiction(given, held)
    refuse_unknown(folder, given, held)
    told = {f"{file} row {place}: ": row for place, row in enumerate(rows, start=2)}
    refuse_other_values(folder, {where: told[where] for where in given}, given)
    return keep_listed(folder, given, who)
