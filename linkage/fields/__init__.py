"""The shelf of fields: what people are compared on, one file a field.

A file on this shelf holds

- `INPUTS`: the columns it can take from a file (`Input`), each under a name used by profiles and `--map`;
- `READS` (optional): names of the inputs that `clean` is given, if they are not exactly its own `INPUTS`;
- `WORKED_OUT` (optional): further inputs that any `READS` may list: name → DuckDB expression over all inputs. For what only
  several columns together say; it should be NULL in most rows, so that there are few distinct combinations to clean;
- `COLUMNS`: the columns it adds to the `record` table, name → DuckDB type. Every column name starts with the
  field's name or is listed nowhere else; a column that ends in `_flags` (VARCHAR[]) is gathered into `flags`;
- `clean(*values)`: the values of `READS` (text or None) → a tuple with one value for each of `COLUMNS`. Pure; it
  is called once per distinct combination of values, never once per row;
- `SHORTCUT` (optional): SQL that gives the results for plain values (`Shortcut`); they are the same with and without it;
- `DERIVED` (optional): more columns, name → (DuckDB type, DuckDB expression over this field's own columns);
- `COMPARISON` (optional): how two records are compared on it. Conditions may use any column of `record`, with
  `_l` and `_r` behind its name.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Shortcut:
    """How SQL works out a field's columns for plain values, so that `clean` is called for few distinct combinations.

    All values are DuckDB expressions. `steps`: new columns of `received`, step by step; each may read those of earlier steps.
    `calls`: name of a call of `clean` → its inputs: name in `READS` → expression over `received` (NULL if not named).
    `answers`: name in `COLUMNS` → expression over `received.<name>` and `<call>.<column>`; a column without one is that of the
    first call. Names of new columns and of calls begin with the field's name.
    """

    steps: tuple[dict[str, str], ...]
    calls: dict[str, dict[str, str]]
    answers: dict[str, str]


@dataclass(frozen=True)
class Input:
    """One thing that a file may hold: its name, what it means, and headings it is known by."""

    name: str
    meaning: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Level:
    """One degree of agreement.

    `condition` is a DuckDB expression over `<column>_l` and `<column>_r`; the last level's is empty (all the rest).
    `wording` says it in plain words for a reason. `m` is the documented starting value: the share of true pairs
    that reach this level and none before it. `term_frequency` names a column whose frequency scales the evidence.
    """

    name: str
    condition: str
    wording: str
    m: float = 0.0
    term_frequency: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Comparison:
    """Levels from the strongest agreement to none; the first whose condition holds is the pair's level."""

    name: str
    levels: tuple[Level, ...]

    @property
    def numbers(self) -> dict[str, int]:
        """Level → its number as Splink's gamma: -1 where a value is missing, 0 for the last level, the highest for the first."""
        compared = [level.name for level in self.levels if not level.missing]
        found = {name: number for number, name in enumerate(reversed(compared))}
        return {level.name: found.get(level.name, -1) for level in self.levels}


EXCHANGED = (
    "(surname_l <> surname_r and ("
    "(surname_l in (forename_r, forename_joined_r) and jaro_winkler_similarity(surname_r, forename_l) >= 0.9)"
    " or (surname_r in (forename_l, forename_joined_l) and jaro_winkler_similarity(surname_l, forename_r) >= 0.9)))"
)
"""Condition on two records: what one has as forename the other has as surname, and the other way round."""
