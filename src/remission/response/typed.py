"""From text to wells: roles, doses, units and readings, with everything that is wrong told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

import polars as pl

from remission.core.problems import InputError, Problem, shown
from remission.core.suggest import did_you_mean
from remission.response.columns import Matched
from remission.response.units import UNITS, unit
from remission.response.wells import COLUMNS, Measured, Wells

_ROLES: Mapping[str, tuple[str, ...]] = {
    "blank": ("blank", "blanc", "background", "bg", "medium", "media", "mediumonly", "nocells"),
    "control": (
        "control",
        "ctrl",
        "untreated",
        "nodrug",
        "drugfree",
        "vehicle",
        "dmso",
        "negativecontrol",
        "negcontrol",
    ),
    "treated": ("treated", "treatment", "drug", "compound", "test", "sample"),
    "empty": ("empty", "unused", "none", "skip", "notused"),
}
_ROLE_OF = {word: role for role, words in _ROLES.items() for word in words}
_COMMA = r"^[+-]?\d+,\d+$"
_THOUSANDS = r"^[+-]?[1-9]\d{0,2},\d{3}$"
_YES = {"1", "true", "yes", "y", "x", "1.0"}
_NO = {"0", "false", "no", "n", "", "0.0"}
_SAY_ROLE = (
    'Correct it, or say what it means: role = { column = "...", codes = { "%s" = "control" } } '
    "in the file of --columns. Roles are blank, control, treated, empty."
)


def typed_wells(
    matched: Matched, sources: pl.Series, file: str, *, zero_dose: str = "refuse", plate: str = ""
) -> tuple[Wells | None, list[Problem]]:
    """Make wells of matched columns.

    Parameters
    ----------
    matched : Matched
    sources : polars.Series
        A name for every row, for problems.
    file : str
    zero_dose : "refuse" or "control"
        What a treated well with dose 0 is.
    plate : str
        Name of the plate where no column holds it.

    Returns
    -------
    wells : Wells or None
        None if something needed is not there at all.
    problems : list of Problem
    """
    text, notes, problems = dict(matched.text), list(matched.notes), list(matched.problems)
    measured = _measured(text, file, problems)
    lacking = [
        name
        for name in ("drug", "dose")
        if name not in text and not any(p.where == f"columns.{name}" for p in problems)
    ]
    for name in lacking:
        repair = f'Name it {name}, or say it in the file of --columns: {name} = "name of the column".'
        problems.append(Problem(file, f"no column holds the {name}", repair))
    if measured is None or "drug" not in text or "dose" not in text:
        return None, problems
    _fill(text, sources.len(), plate or file, notes)
    frame = pl.DataFrame(dict(text)).with_columns(sources.alias("source"))
    frame = _without_excluded(frame, file, notes, problems)
    of_drugs = "role" in text and matched.named.get("role") == matched.named.get("drug")
    frame = _with_roles(frame, "role" in text, of_drugs, file, notes, problems)
    frame = frame.filter(pl.col("role") != "empty")
    frame = _numbers(frame, measured, file, notes, problems)
    frame = _doses(frame, zero_dose, file, notes, problems)
    frame = _units(frame, file, problems)
    frame = frame.with_columns(
        pl.when(pl.col("role") == "blank")
        .then(None)
        .otherwise(pl.col("patient").replace("", None))
        .alias("patient"),
        pl.when(pl.col("role") == "treated").then(pl.col("drug")).alias("drug"),
    )
    nameless = frame.filter((pl.col("role") == "treated") & pl.col("patient").is_null())
    if nameless.height:
        problems.append(
            Problem(
                file,
                "treated wells have no patient",
                "Name the patient in every row.",
                tuple(nameless["source"]),
            )
        )
    kept = frame.select(pl.col(name).cast(dtype) for name, dtype in COLUMNS.items())
    return Wells(kept, measured, tuple(notes)), problems


def _measured(text: dict[str, pl.Series], file: str, problems: list[Problem]) -> Measured | None:
    if "signal" in text and "survival" in text:
        repair = "Keep one column: signals are normalised here, survival is taken as it is."
        problems.append(Problem(file, "there are signals and survival", repair))
        return None
    if "signal" in text:
        text["reading"] = text.pop("signal")
        return "signal"
    if "survival" in text:
        text["reading"] = text.pop("survival")
        return "survival"
    repair = 'Name the column signal (readings) or survival (per cent of control), or say: signal = "name".'
    problems.append(Problem(file, "no column holds the readings", repair))
    return None


def _fill(text: dict[str, pl.Series], height: int, plate: str, notes: list[str]) -> None:
    """Give every field that no column holds."""
    if "plate" not in text:
        text["plate"] = pl.Series("plate", [plate] * height, dtype=pl.String)
        notes.append(f'No column names plates: all wells are taken as one plate, "{plate}".')
    if "patient" not in text or (text["patient"] == "").all():
        text["patient"] = text["plate"].alias("patient")
        notes.append("No column names patients: every plate is taken as one patient.")
    if "well" not in text:
        if "row" in text and "column" in text:
            text["well"] = text["row"].str.to_uppercase() + text["column"].str.replace(r"\.0$", "")
        else:
            text["well"] = pl.Series("well", [""] * height, dtype=pl.String)
    text["well"] = text["well"].str.to_uppercase().str.replace(r"^([A-Z]+)0+([1-9])", "$1$2")
    for name in ("row", "column"):
        text.pop(name, None)
    for name in ("unit", "leukaemic", "exclude"):
        text.setdefault(name, pl.Series(name, [""] * height, dtype=pl.String))
    for name in list(text):
        text[name] = text[name].alias(name)


def _without_excluded(
    frame: pl.DataFrame, file: str, notes: list[str], problems: list[Problem]
) -> pl.DataFrame:
    flag = frame["exclude"].str.to_lowercase()
    odd = frame.filter(~flag.is_in([*_YES, *_NO]))
    if odd.height:
        problems.append(
            Problem(f"{file}: exclude", "is neither yes nor no", "Write 1 or 0.", tuple(odd["source"]))
        )
    out = flag.is_in(list(_YES))
    if out.any():
        notes.append(f"Wells left out, as the column exclude says: {int(out.sum())}.")
    return frame.filter(~out)


def _with_roles(
    frame: pl.DataFrame,
    has_role: bool,  # noqa: FBT001
    of_drugs: bool,  # noqa: FBT001
    file: str,
    notes: list[str],
    problems: list[Problem],
) -> pl.DataFrame:
    """Roles from their column, else from the words in the column of drugs, where any other word is a drug."""
    if has_role:
        words = frame["role"]
        other = "treated" if of_drugs else ""
        meant = {word: _ROLE_OF.get(_key(word), other if word else "") for word in words.unique().to_list()}
        roles = words.replace_strict(meant, return_dtype=pl.String)
        nothing = (words == "") & (frame["drug"] == "") & (frame["reading"] == "")
        roles = roles.set(nothing, "empty")
    else:
        words = frame["drug"]
        meant = {
            word: (_ROLE_OF.get(_key(word), "treated") if word else "") for word in words.unique().to_list()
        }
        roles = words.replace_strict(meant, return_dtype=pl.String)
        roles = roles.set(((words == "") & (frame["reading"] == "")), "empty")
        told = [f'"{word}" is {role}' for word, role in meant.items() if role not in {"treated", ""}]
        if told:
            notes.append(f"No column holds roles; by the names of drugs {shown(sorted(told))}.")
    unknown = frame.with_columns(roles.alias("role")).filter(pl.col("role") == "")
    if unknown.height:
        named = words.filter(roles == "").unique(maintain_order=True).to_list()
        if named == [""]:
            what = "wells have neither a role nor a drug" if not has_role else "wells have no role"
        else:
            quoted = shown(['"' + word + '"' for word in named if word])
            what = f"{quoted} is no role that is known"
        repair = _SAY_ROLE % named[0] + did_you_mean(named[0] or "?", _ROLES)
        problems.append(Problem(f"{file}: role", what, repair, tuple(unknown["source"])))
    return frame.with_columns(roles.alias("role")).filter(pl.col("role") != "")


def _numbers(
    frame: pl.DataFrame, measured: Measured, file: str, notes: list[str], problems: list[Problem]
) -> pl.DataFrame:
    made = {}
    for name in ("reading", "dose", "leukaemic"):
        values, bad, comma = _read(frame[name])
        word = measured if name == "reading" else name
        if comma:
            problems += _thousands(frame, name, f"{file}: {word}")
            notes.append(f"Decimal commas are read in the column of the {name}.")
        if name == "dose":
            bad &= frame["role"] == "treated"
        if bad.any():
            cells = frame.filter(bad)
            shown_values = shown([f'"{value}"' for value in cells[name].unique(maintain_order=True)])
            problems.append(
                Problem(
                    f"{file}: {word}",
                    f"{shown_values} is no number",
                    "Correct it, or leave the cell empty if the well was not read.",
                    tuple(cells["source"]),
                )
            )
        made[name] = values
    frame = frame.with_columns(**made)
    empty = frame["reading"].is_null()
    if empty.any():
        notes.append(f"Wells without a reading, passed over: {int(empty.sum())}.")
    outside = frame.filter(~pl.col("leukaemic").is_between(0, 100))
    if outside.height:
        problems.append(
            Problem(
                f"{file}: leukaemic",
                "is outside 0 to 100 per cent",
                "Correct it.",
                tuple(outside["source"]),
            )
        )
    return frame.filter(~empty)


def _read(text: pl.Series) -> tuple[pl.Series, pl.Series, bool]:
    """Numbers, which cells are none, and whether decimal commas were read."""
    filled = text != ""
    comma = bool(text.str.contains(_COMMA).any()) and not bool(text.str.contains(r"\d\.\d").any())
    plain = text.str.replace(",", ".", literal=True) if comma else text
    values = plain.cast(pl.Float64, strict=False)
    known = values.is_finite().fill_null(value=False)
    return values.set(~known, None), filled & ~known, comma


def _thousands(frame: pl.DataFrame, name: str, where: str) -> list[Problem]:
    """Tell a column in which every comma may stand between thousands: 1,250 is 1250 or 1.25."""
    cells = frame.filter(pl.col(name).str.contains(_COMMA))
    if not cells[name].str.contains(_THOUSANDS).all():
        return []
    told = shown([f'"{value}"' for value in cells[name].unique(maintain_order=True)])
    repair = "Write whole numbers without marks between thousands, and decimals with a point."
    message = f"the comma in {told} may mark decimals or thousands"
    return [Problem(where, message, repair, tuple(cells["source"]))]


def _doses(
    frame: pl.DataFrame, zero_dose: str, file: str, notes: list[str], problems: list[Problem]
) -> pl.DataFrame:
    treated = pl.col("role") == "treated"
    zero = frame.filter(treated & (pl.col("dose") == 0))
    if zero.height and zero_dose == "control":
        frame = frame.with_columns(
            pl.when(treated & (pl.col("dose") == 0))
            .then(pl.lit("control"))
            .otherwise(pl.col("role"))
            .alias("role")
        )
        notes.append(f"Wells with dose 0, taken as controls: {zero.height}.")
    elif zero.height:
        repair = 'Is it a control? Say so (--zero-dose control), or give these wells the role "control".'
        problems.append(Problem(f"{file}: dose", "the dose is 0", repair, tuple(zero["source"])))
    for bad, message, repair in (
        (pl.col("dose") < 0, "the dose is below 0", "Correct it."),
        (
            pl.col("dose").is_null(),
            "treated wells have no dose",
            "Give the dose, or the role blank, control or empty.",
        ),
        (pl.col("drug") == "", "treated wells name no drug", "Name the drug."),
    ):
        rows = frame.filter(treated & bad)
        if rows.height:
            problems.append(Problem(file, message, repair, tuple(rows["source"])))
    return frame.with_columns(pl.when(treated).then(pl.col("dose")).alias("dose"))


def _units(frame: pl.DataFrame, file: str, problems: list[Problem]) -> pl.DataFrame:
    treated = frame.filter(pl.col("role") == "treated")
    names: dict[str, str | None] = {}
    for word in treated["unit"].unique(maintain_order=True).to_list():
        try:
            names[word] = unit(word).name if word else None
        except InputError:
            rows = treated.filter(pl.col("unit") == word)
            listed = ", ".join(each.name for each in UNITS)
            problems.append(
                Problem(
                    f"{file}: unit",
                    f'"{word}" is no unit that is known',
                    f"Write one of {listed}.",
                    tuple(rows["source"]),
                )
            )
            names[word] = None
    unsaid = treated.filter(pl.col("unit") == "")
    if unsaid.height:
        repair = (
            'Add a column "unit", or say it for all: unit = { value = "µg/mL" } in the file of --columns.'
        )
        what = f"doses of {shown(unsaid['drug'].unique(maintain_order=True).to_list())} have no unit"
        problems.append(Problem(file, what, repair))
    return frame.with_columns(
        pl.when(pl.col("role") == "treated")
        .then(pl.col("unit").replace_strict(names, default=None, return_dtype=pl.String))
        .alias("unit")
    )


def _key(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.casefold())
