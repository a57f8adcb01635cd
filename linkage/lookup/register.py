"""A prepared register and the values of one person → who in the register that is, as a run would decide it."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

from linkage import model_folder
from linkage.errors import InputError, MappingError, ModelError
from linkage.ingest import WHITE_SPACE
from linkage.lookup.match import Match, match_of
from linkage.lookup.objecting import Objecting
from linkage.lookup.one_record import OneRecord
from linkage.lookup.register_store import APPLICATION, FORMAT, RegisterStore, versions
from linkage.model import Model
from linkage.reading.profile import inputs

DAMAGE = (sqlite3.Error, ValueError, KeyError, TypeError, AttributeError)
"""The errors that reading a damaged file raises. Their messages are not shown, since they may have a person's values."""
TOLD = ("versions", "made", "input", "test_data", "people", "model", "homes")
"""What `Register.about` has of all that the file says about itself."""


class Register:
    """A prepared register, opened for look-ups.

    Any number of processes may read one file; a `Register` belongs to the thread that opened it. It decides with the model that
    the file was made with, as trained, but for relatives and twins. `linkage link` adapts the model to its run, so its confidence
    in the same record may differ a little.
    """

    def __init__(self, file: sqlite3.Connection, about: dict[str, Any], path: Path) -> None:
        """Use `Register.open`."""
        self._path = path
        self.about = {name: value for name, value in about.items() if name in TOLD}
        self._store = RegisterStore(file, about)
        self._model: Model = replace(
            model_folder.build(about["written"], about["parameters"]),
            relatives=about["homes"]["relatives"],
            twins=about["homes"]["twins"],
        )
        self._one_record = OneRecord(self._model, about["people"], Objecting(file))

    @classmethod
    def open(cls, path: Path | str) -> "Register":
        """Open the prepared register in the file `path`; InputError if it is none, is damaged, or was made by another version."""
        path = Path(path)
        if not path.is_file():
            raise InputError(f"there is no file {path}: make it with `linkage index`")
        file = sqlite3.connect(f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1", uri=True)
        opened = None
        try:
            about = _about(file)
            if not about:
                raise InputError(f"{path} is no prepared register: make one with `linkage index`")
            # Another version may clean, hash or compare differently, or have other levels (a ModelError).
            if (about["format"], about["versions"]) == (FORMAT, versions()):
                with suppress(ModelError):
                    opened = cls(file, about, path)
        except DAMAGE:
            raise _damaged(path) from None
        finally:
            if not opened:
                file.close()
        if not opened:
            raise InputError(
                f"{path} was made by another version of linkage or DuckDB: make it anew with `linkage index`"
            )
        return opened

    def close(self) -> None:
        """Let the file and the memory go."""
        self._store.close()

    def __enter__(self) -> "Register":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def match(self, record: Mapping[str, str | None]) -> Match:
        """Who in the register the values of `record` describe.

        Its keys are names of inputs ("forename", "surname", "date_of_birth", "postcode", "address" and the others in
        docs/inputs.md), its values are text as a council would write it (None or "" for nothing). MappingError names an
        unknown key, or one whose value is no text; InputError tells that the file is damaged.
        """
        known = inputs()
        unknown = sorted(set(record) - set(known))
        if unknown:
            raise MappingError(f"no input is called {', '.join(unknown)}. Inputs are: {', '.join(known)}")
        if other := [name for name, value in record.items() if not isinstance(value, str | None)]:
            raise MappingError(
                f"{other[0]} must be text as a council would write it, not {type(record[other[0]]).__name__}"
            )
        received = {name: (record.get(name) or "").strip(WHITE_SPACE) or None for name in known}
        try:
            answer = self._one_record.match(received, self._store)
        except sqlite3.Error:
            raise _damaged(self._path) from None
        return match_of(answer, self._model)


def _damaged(path: Path) -> InputError:
    return InputError(f"{path} is damaged: make it anew with `linkage index`")


def _about(file: sqlite3.Connection) -> dict[str, Any]:
    """What the file says about itself; empty if it is no prepared register."""
    try:
        [(application,)] = file.execute("PRAGMA application_id").fetchall()
        if application != APPLICATION:
            return {}
    except sqlite3.Error:
        return {}
    told = file.execute("SELECT name, value FROM about").fetchall()
    return {name: json.loads(value) for name, value in told}
