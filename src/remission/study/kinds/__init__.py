"""The kinds of analysis, one file each; the catalogue is `KINDS`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from remission.study.kind import Kind

_FILES = {
    "characteristics": "characteristics",
    "follow_up": "follow_up",
    "curves": "curves",
    "compare": "compare",
    "landmark": "landmark",
    "screen": "screen",
    "model": "model",
    "subgroups": "subgroups",
    "adjusted": "adjusted",
    "transplant_effect": "transplant_effect",
    "treatment": "treatment",
    "benchmark": "benchmark",
    "eras": "eras",
    "restratify": "restratify",
    "causes_of_death": "causes_of_death",
    "first_events": "first_events",
    "response": "response_rates",
    "mrd": "mrd",
    "prediction": "prediction",
    "added_value": "added_value",
    "drug_response": "drug_response",
    "genes": "genes",
}


class _Catalogue(Mapping[str, Kind]):
    """Every kind by name, loaded when it is asked for: a study uses few, and some rest on much."""

    def __getitem__(self, name: str) -> Kind:
        kind: Kind = import_module(f"{__name__}.{_FILES[name]}").KIND
        return kind

    def __iter__(self) -> Iterator[str]:
        return iter(_FILES)

    def __len__(self) -> int:
        return len(_FILES)


KINDS: Mapping[str, Kind] = _Catalogue()
"""Name to kind, in the order in which a report usually has them."""
