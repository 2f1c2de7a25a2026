"""What the name of a column suggests: role, unit, whether it was known at time zero. Only proposals."""

from __future__ import annotations

import re
from typing import Literal

Role = Literal[
    "",
    "id",
    "time zero",
    "birth",
    "registration",
    "diagnosis",
    "death date",
    "last contact",
    "relapse date",
    "survival time",
    "event time",
    "death",
    "relapse",
    "death without relapse",
]

_ROLES: tuple[tuple[Role, str], ...] = (
    (
        "id",
        r"(^|_)(id|mrn|upn|pid|patient|subject|case|record)(_?(id|no|nr|number))?$|crid$|^pseudoid$|patientid",
    ),
    (
        "time zero",
        r"(transplant|^tx|_tx|hct|hsct|sct|bmt|graft|infusion)_?(date|dt|day)|date_?(of_?)?(transplant|tx|hct|hsct|sct|bmt)",
    ),
    ("birth", r"birth|^dob$"),
    (
        "registration",
        r"(regist\w*|enrol\w*|random\w*|inclusion)_?(date|dt|day)|date_?(of_?)?(regist|enrol|random|inclusion)",
    ),
    ("diagnosis", r"(diagnos\w*|dx)_?(date|dt)|date_?(of_?)?(diagnos|dx)"),
    ("death date", r"(death|died|dead|deceased)_?(date|dt)|date_?(of_?)?(death|dead)"),
    ("last contact", r"last_?(contact|seen|follow|fu|visit|alive)|follow_?up_?(date|dt)|(date|dt)_?last"),
    ("relapse date", r"(relapse|progress\w*|rel)_?(date|dt)|date_?(of_?)?(relapse|progress)"),
    (
        "survival time",
        r"^intxsurv$|^os_?(days|months|years|time)$|surv\w*_?(time|days|months)|(time|days|months)_?surv",
    ),
    ("event time", r"^intx|^(time|days|months)_?to_|_(days|months|weeks)$|^(months|days|time|ftime|futime)$"),
    ("death", r"^(dead|death|died|deceased|survival_status|vital_status|os_?(status|event))$"),
    ("death without relapse", r"^(trm|nrm)$"),
    ("relapse", r"^(rel|relapse|relapsed|progression)$"),
)
_BEFORE = (
    r"^wait|^int?dx|before|prior|previous|pre_|_pre$|_at_(transplant|tx|diagnosis)|^age|donor|gvhdgp|proph"
)
_LATER = (
    r"gvhd|relapse|(^|_)rel($|_)|dead|death|died|alive|surviv|^status$|vital|cause|last_|follow|engraft|recovery|^anc|^plt|"
    r"platelet|chimer|after|post|d(ay)?_?100|(^|_)day_?\d|(^|_)mrd($|_)|^trm$|^nrm$|^(os|pfs|dfs|rfs|efs|lfs)($|_)|event|^dwo|^gf$|graft_?fail|"
    r"second_|_2nd|dli|infect|resp\w*_after|^cr_|toxicity|outcome"
)
_UNITS: tuple[tuple[str, str], ...] = (
    (r"_days?$|^days", "days"),
    (r"_weeks?$", "weeks"),
    (r"_months?$|^months|^intx|^int?dx", "months"),
    (r"(^|_)age($|_)|_years?$|recipientage$|donorage$", "years"),
    (r"weight|bodymass|(^|_)kg$", "kg"),
    (r"height", "cm"),
    (r"^bmi", "kg/m²"),
    (r"^(wbc|leu[ck]o)", "×10⁹/L"),
    (r"cd34.*kg", "×10⁶/kg"),
)


def role(name: str) -> Role:
    """Return what a column may be for, by its name.

    Examples
    --------
    >>> role("transplant_date"), role("dcrid"), role("sex")
    ('time zero', 'id', '')
    """
    return next((found for found, pattern in _ROLES if re.search(pattern, _plain(name))), "")


def unit(name: str) -> str:
    """Return the unit a number may have, by its name; empty when it tells none."""
    return next((found for pattern, found in _UNITS if re.search(pattern, _plain(name))), "")


def may_be_later(name: str) -> bool:
    """Whether a column may hold what was known only after time zero, by its name.

    Examples
    --------
    >>> may_be_later("acute_gvhd"), may_be_later("donor_age"), may_be_later("cr_after")
    (True, False, True)
    """
    plain = _plain(name)
    return re.search(_LATER, plain) is not None and re.search(_BEFORE, plain) is None


def known_by_day(name: str) -> int | None:
    """Return the day after time zero by which a column was known, if its name says so.

    Examples
    --------
    >>> known_by_day("d100agvhd"), known_by_day("blasts_day8"), known_by_day("cd3")
    (100, 8, None)
    """
    found = re.search(r"(?:^|_)(?:d_?(\d{2,3})|day_?(\d{1,3}))(?!\d)", _plain(name))
    return int(found[1] or found[2]) if found else None


def dated_by(name: str, candidates: list[str]) -> str | None:
    """Return the date or time column that may say when a column was known.

    Examples
    --------
    >>> dated_by("agvhd", ["intxagvhd", "intxsurv"])
    'intxagvhd'
    >>> dated_by("acute_gvhd", ["acute_gvhd_days", "chronic_gvhd_days"])
    'acute_gvhd_days'
    """
    stem = _plain(name)
    forms = [f"{stem}{end}" for end in ("_date", "_dt", "_days", "_months", "_time", "date")]
    forms += [
        f"{start}{stem}" for start in ("intx", "date_", "date_of_", "days_to_", "time_to_", "time_", "dt_")
    ]
    by_plain = {_plain(candidate): candidate for candidate in candidates}
    return next((by_plain[form] for form in forms if form in by_plain), None)


def _plain(name: str) -> str:
    """Lower case with underscores: `relapseDate`, `Relapse date` and `relapse.date` are alike."""
    parted = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"[\s.\-]+", "_", parted).casefold()
