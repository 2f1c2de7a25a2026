"""Endpoints and first analyses that the columns of a file suggest, for a first study file."""

from __future__ import annotations

import json

from remission.cohort.sniff import Sniffed

_RULE = (
    "# never_cr: patients never in remission count from the day progression was recorded, or on day 0 "
    '(then say "day-0"\n'
    "# and the column of remission)."
)


def drafted_endpoints(seen: Sniffed) -> tuple[str, ...]:
    """Write [endpoints] and [[analysis]] from what the columns may be for.

    Parameters
    ----------
    seen : Sniffed

    Returns
    -------
    tuple of str
        Sections of the study file.
    """
    found = _dated(seen) if seen.time_zero is not None else _ready_made(seen)
    if not found:
        return (_NO_ENDPOINTS, _ANALYSES)
    lines = ["[endpoints]   # CONFIRM each: the columns, and that the definition is yours"]
    if any("never_cr" in entry for entry in found.values()):
        lines += _RULE.split("\n")
    lines += [f"{name} = {entry}" for name, entry in found.items()]
    names = ", ".join(f'"{name}"' for name in found)
    more = f'[[analysis]]\nkind = "curves"\nendpoint = [{names}]\nat = ["1 year", "5 years"]   # CONFIRM\n'
    follow_up = '[[analysis]]\nkind = "follow_up"\n' if "os" in found else ""
    return ("\n".join(lines) + "\n", _ANALYSES, *([follow_up] if follow_up else []), more, _COMPARE)


def _dated(seen: Sniffed) -> dict[str, str]:
    """Endpoints from dates."""
    death, last, relapse = (_column(seen, role) for role in ("death date", "last contact", "relapse date"))
    if death is None or last is None:
        return {}
    found = {"os": _table(definition="overall-survival", death=death, last=last)}
    if relapse is not None:
        found["pfs"] = _table(
            definition="progression-free-survival",
            relapse=_with_status(seen, relapse),
            death=death,
            last=last,
            never_cr="first-recorded-progression",
        )
        found["relapse"] = _table(definition="relapse-incidence", same_as="pfs")
        found["nrm"] = _table(definition="non-relapse-mortality", same_as="pfs")
    return found


def _ready_made(seen: Sniffed) -> dict[str, str]:
    """Endpoints from a registry's times and status columns."""
    found = {}
    time, death = _column(seen, "survival time"), _column(seen, "death")
    if time is not None and death is not None:
        found["os"] = _table(definition="overall-survival", time=time, status=death)
    relapse, without = _column(seen, "relapse"), _column(seen, "death without relapse")
    times = {each.name for each in seen.proposals if each.kind == "time"}
    when = next((each.known_at for each in seen.proposals if each.name == relapse), None)
    if relapse is not None and without is not None and when in times:
        found["relapse"] = _table(
            definition="relapse-incidence", time=str(when), relapse=relapse, death_without_relapse=without
        )
        found["nrm"] = _table(definition="non-relapse-mortality", same_as="relapse")
    return found


def _column(seen: Sniffed, role: str) -> str | None:
    """Return the only column of a role; two of them are for a person to choose from."""
    names = [each.name for each in seen.proposals if each.role == role]
    return names[0] if len(names) == 1 else None


def _with_status(seen: Sniffed, date: str) -> str | dict[str, str]:
    """A date with the yes/no it belongs to, so that "not known" there is not taken for "did not happen"."""
    names = [each.name for each in seen.proposals if each.kind == "yes/no" and each.known_at == date]
    return {"time": date, "status": names[0]} if len(names) == 1 else date


def _table(**entries: str | dict[str, str]) -> str:
    pairs = (
        f"{name} = {_table(**value) if isinstance(value, dict) else json.dumps(value, ensure_ascii=False)}"
        for name, value in entries.items()
    )
    return f"{{ {', '.join(pairs)} }}"


_NO_ENDPOINTS = """\
# No columns for an endpoint were recognised. From dates:
# [endpoints]
# os = { definition = "overall-survival", death = "death_date", last = "last_contact" }
# or from a registry's time and status columns:
# os = { definition = "overall-survival", time = "months", status = "dead" }
"""
_ANALYSES = """\
[[analysis]]
kind = "characteristics"
# by = "graft"   # a column known at time zero
"""
_COMPARE = """\
# [[analysis]]
# kind = "compare"
# endpoint = "os"
# by = "graft"
# at = "5 years"
"""
