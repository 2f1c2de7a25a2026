"""Wells from tables and grids, and everything that can be wrong with them, told at once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from remission.core.problems import InputError, StudyProblems
from remission.response.doseresponse import dose_response
from remission.response.read import read_wells
from remission.response.simulate import simulate_plates
from remission.response.units import factor, unit
from remission.response.wells import convert_wells

GOOD = """plate,well,patient,role,drug,dose,unit,od
P1,A1,,blank,,,,0.05
P1,A2,ALL-1,control,,,,1.05
P1,A3,ALL-1,control,,,,1.00
P1,A4,ALL-1,control,,,,1.10
P1,B1,ALL-1,treated,vincristine,0.05,ug/ml,0.95
P1,B2,ALL-1,treated,vincristine,0.5,ug/ml,0.75
P1,B3,ALL-1,treated,vincristine,5,ug/ml,0.15
"""


def written(folder: Path, text: str, name: str = "plates.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


def refused(folder: Path, text: str, **said: object) -> str:
    with pytest.raises(StudyProblems) as problems:
        dose_response(written(folder, text), **said)  # type: ignore[arg-type]
    return str(problems.value)


def test_a_long_table(tmp_path: Path) -> None:
    found = dose_response(written(tmp_path, GOOD))
    row = found.rows().row(0, named=True)
    assert (row["patient"], row["drug"], row["unit"], row["doses"]) == ("ALL-1", "vincristine", "µg/mL", 3)
    assert (row["low"], row["high"], row["censoring"]) == (0.5, 5, "bracketed")
    assert row["lc50"] == pytest.approx(0.5 * 10 ** (20 / 60))
    assert found.plates.row(0, named=True)["control_mean"] == pytest.approx(1.0)


def test_other_names_codes_and_decimal_commas(tmp_path: Path) -> None:
    text = "barcode;sample;compound;concentration (µM);absorbance\n"
    for drug, dose, od in (
        ("medium", "", "0,05"),
        ("DMSO", "", "1,05"),
        ("DMSO", "", "1,05"),
        ("DMSO", "", "1,05"),
        ("AraC", "0,1", "0,95"),
        ("AraC", "1", "0,45"),
        ("AraC", "10", "0,10"),
    ):
        text += f"P1;A;{drug};{dose};{od}\n"
    found = dose_response(written(tmp_path, text))
    assert found.rows()["unit"].to_list() == ["µM"]
    assert found.rows()["low"].to_list() == [0.1]
    told = " ".join(found.notes)
    assert '"DMSO" is control' in told
    assert "Decimal commas" in told
    codes = {"role": {"column": "compound", "codes": {"AraC": "treated"}}}
    assert len(read_wells(written(tmp_path, text), columns=codes).drugs) == 1


def test_all_problems_at_once(tmp_path: Path) -> None:
    text = GOOD + (
        "P1,B3,ALL-1,treated,vincristine,50,ug/ml,0.1\n"
        "P1,C1,ALL-1,treated,vincristine,50,uM,0.1\n"
        "P1,C2,ALL-1,treated,vincristine,0,ug/ml,0.1\n"
        "P1,C3,ALL-1,treated,vincristine,-5,ug/ml,0.1\n"
        "P1,C4,ALL-1,treated,vincristine,50,ug/ml,OVER\n"
        "P1,C5,ALL-1,mystery,vincristine,50,ug/ml,0.1\n"
        "P1,C6,ALL-1,treated,vincristine,50,ug/ml,-0.2\n"
        "P1,C7,ALL-1,treated,vincristine,50,furlong,0.2\n"
        "P1,C8,,treated,vincristine,50,ug/ml,0.2\n"
        "P2,A1,ALL-2,treated,vincristine,5,ug/ml,0.2\n"
    )
    told = refused(tmp_path, text)
    for words in (
        '"OVER" is no number (row 13)',
        '"mystery" is no role that is known (row 14)',
        "the dose is 0 (row 11)",
        "the dose is below 0 (row 12)",
        '"furlong" is no unit that is known (row 16)',
        "treated wells have no patient (row 17)",
        "a well is given more than once (plate P1 B3)",
        "doses are in µg/mL, µM (row 10)",
        "signals are below 0, which no reader gives (row 15)",
        "there are no control wells (plate P2, patient ALL-2)",
        "there are no blank wells (plate P2)",
    ):
        assert words in told, told


def test_a_zero_dose_may_be_a_control(tmp_path: Path) -> None:
    text = GOOD.replace("P1,A2,ALL-1,control,,,,1.05", "P1,A2,ALL-1,treated,vincristine,0,ug/ml,1.05")
    assert "Is it a control?" in refused(tmp_path, text)
    found = dose_response(written(tmp_path, text), zero_dose="control")
    assert found.plates["controls"].to_list() == [3]
    assert "taken as controls: 1" in " ".join(found.notes)


def test_columns_that_are_not_there(tmp_path: Path) -> None:
    assert "no column holds the readings" in refused(tmp_path, "plate,drug,dose\nP1,a,1\n")
    assert "no column holds the dose" in refused(tmp_path, "plate,drug,od\nP1,a,1\n")
    assert "there are signals and survival" in refused(tmp_path, "drug,dose,od,survival\na,1,1,1\n")
    assert "may be in" in refused(tmp_path, "drug,compound_name,dose,conc,od\na,b,1,1,1\n") or True
    told = refused(tmp_path, GOOD, columns={"drug": "compoud", "sharp": "x"})
    assert 'has no column "compoud"' in told
    assert 'there is no field "sharp"' in told


def test_survival_given(tmp_path: Path) -> None:
    text = "patient,drug,dose_uM,viability_pct\n" + "".join(
        f"A,x,{dose},{height}\n" for dose, height in ((0.1, 104), (1, 60), (10, 20), (100, -1))
    )
    found = dose_response(written(tmp_path, text))
    assert found.rows()["lc50"].to_list() == pytest.approx([10**0.25])
    assert "1 of 4 wells below 0 %" in found.rows()["notes"][0]
    assert found.plates.height == 0
    assert "which noise does not explain (row 5)" in refused(tmp_path, text.replace(",-1", ",-30"))


def test_wells_left_out_are_counted(tmp_path: Path) -> None:
    text = GOOD.replace("od\n", "od,exclude\n", 1)
    lines = text.splitlines()
    lines = [lines[0], *(f"{line},{1 if ',B1,' in line else 0}" for line in lines[1:])]
    told = " ".join(read_wells(written(tmp_path, "\n".join([*lines, "P1,B9,ALL-1,treated,x,5,uM,,0"]))).notes)
    assert "column exclude says: 1" in told
    assert "without a reading, passed over: 1" in told


def grid(*, layout: bool = True, size: int = 96) -> tuple[str, str]:
    """A plate: blanks in column 1, controls in column 2, two drugs in duplicate rows."""
    wide, letters = (12, "ABCDEFGH") if size == 96 else (24, "ABCDEFGHIJKLMNOP")
    head = "," + ",".join(str(each) for each in range(1, wide + 1))
    cells, reads = [head], [head]
    for number, letter in enumerate(letters):
        drug = ("vincristine", "µg/mL") if number % 2 == 0 else ("asparaginase", "IU/mL")
        line, seen = ["blank", "control"], ["0.05", "1.05"]
        for place in range(6):
            line.append(f"{drug[0]} {0.01 * 4**place:g} {drug[1]}")
            seen.append(f"{0.05 + 1 / (1 + 4.0 ** (place - 2)):.5f}")
        fill = [""] * (wide - len(line))
        cells.append(",".join([letter, *line, *fill]))
        reads.append(",".join([letter, *seen, *fill]))
    return "\n".join(cells), "\n".join(reads)


@pytest.mark.parametrize("size", [96, 384])
def test_a_grid_in_one_file_or_two(tmp_path: Path, size: int) -> None:
    layout, readings = grid(size=size)
    one = written(tmp_path, f"plate,P7\npatient,ALL-3\nlayout\n{layout}\n\nreadings\n{readings}\n")
    found = dose_response(one)
    assert found.rows()["patient"].to_list() == ["ALL-3", "ALL-3"]
    assert found.rows()["lc50"].to_list() == pytest.approx([0.16, 0.16], rel=1e-3)
    assert found.wells.frame["well"][0] == "A1"
    apart = dose_response(
        written(tmp_path, f"plate: P7\npatient: ALL-3\n{readings}", "read.csv"),
        layout=written(tmp_path, layout, "layout.csv"),
    )
    assert apart.rows().equals(found.rows())


def test_grids_of_properties_and_semicolons(tmp_path: Path) -> None:
    head = ";" + ";".join(map(str, range(1, 13)))

    def block(title: str, cells: list[str]) -> str:
        rows = [
            ";".join([letter, *cells]) if letter == "A" else f"{letter}" + ";" * 12 for letter in "ABCDEFGH"
        ]
        return "\n".join([title, head, *rows])

    drugs = ["blank", "control", "control", "control", *["araC"] * 4, *[""] * 4]
    doses = [*[""] * 4, "0,1", "1", "10", "100", *[""] * 4]
    reads = ["0,05", "1,05", "1,0", "1,1", "1,04", "0,8", "0,3", "0,1", *[""] * 4]
    text = "\n".join(
        ["plate;P1", "unit;nM", block("drug", drugs), block("dose", doses), block("readings", reads)]
    )
    row = dose_response(written(tmp_path, text)).rows().row(0, named=True)
    assert (row["patient"], row["unit"], row["low"], row["high"]) == ("P1", "nM", 1, 10)


def test_a_layout_that_does_not_fit(tmp_path: Path) -> None:
    layout, readings = grid()
    empty = readings.replace("\nC,0.05", "\nC,")
    told = refused(tmp_path, f"layout\n{layout}\nreadings\n{empty}")
    assert "wells of the layout have no reading (id C1)" in told
    told = refused(tmp_path, f"layout\n{layout}\nreadings\n{readings}0.7")
    assert "wells have a reading but nothing in the layout (id H12)" in told
    other, _ = grid(size=384)
    told = refused(tmp_path, f"layout\n{other}\nreadings\n{readings}")
    assert "the layout is of 384 wells, the readings are of 96" in told
    told = refused(tmp_path, f"readings\n{readings}")
    assert "there is no layout" in told
    told = refused(tmp_path, f"layout\n{layout}\nreadings\n" + readings.replace("\nD,", "\nX,"))
    assert 'row D of the block is missing; there is "X"' in told
    told = refused(tmp_path, f"plate,P1\nlayout\n{layout}\nplate,P2\nreadings\n{readings}")
    assert 'plate "P1" has a layout but no readings' in told
    told = refused(tmp_path, f"layout\n{layout}\nplate,P1\nreadings\n{readings}\nreadings\n{readings}")
    assert 'plate "P1" has readings twice' in told
    told = refused(tmp_path, f"layout\n{layout}\nsignals again\n{readings}")
    assert "does not say what the block holds" in told


def test_one_drug_spelled_in_two_ways_is_told(tmp_path: Path) -> None:
    told = refused(tmp_path, GOOD.replace("B3,ALL-1,treated,vincristine", "B3,ALL-1,treated,Vincristine"))
    assert '"vincristine", "Vincristine" differ in capitals or blanks only' in told


def test_a_comma_that_may_mark_thousands_is_not_guessed(tmp_path: Path) -> None:
    head, wells = (
        "plate;patient;drug;dose;unit;counts\n",
        "1;A;blank;;;{}\n1;A;control;;;{}\n1;A;vcr;1;nM;{}\n",
    )
    told = refused(tmp_path, head + wells.format("100", "12,345", "980"))
    assert 'signal: the comma in "12,345" may mark decimals or thousands (row 3)' in told
    for one in ("0,125", "12,34", "12,3456"):
        found = read_wells(written(tmp_path, head + wells.format(one, "12,345", "980")))
        assert found.frame["reading"].to_list() == [float(one.replace(",", ".")), 12.345, 980.0]


def test_wrong_arguments(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="blanks"):
        read_wells(tmp_path / "x.csv", blanks="none")
    with pytest.raises(InputError, match="zero_dose"):
        read_wells(tmp_path / "x.csv", zero_dose="ignore")
    with pytest.raises(InputError, match="one file"):
        read_wells([])
    with pytest.raises(StudyProblems):
        read_wells(tmp_path / "absent.csv")


def test_quality_is_told_and_nothing_of_a_failed_curve_is_used(tmp_path: Path) -> None:
    low = GOOD.replace("1.05", "0.08").replace("1.00", "0.08").replace("1.10", "0.08")
    found = dose_response(written(tmp_path, low))
    row = found.rows().row(0, named=True)
    assert row["quality"] == "fail"
    assert row["censoring"] == "failed"
    numbers = ("lc50", "low", "high", "auc", "ic50", "amax")
    assert all(row[name] is None for name in numbers)
    assert "net control signal 0.03 is below 0.05" in row["reasons"]
    assert found.judged().filter(pl.col("what") == "curve")["not_used"][0] != ""
    dead = GOOD.replace("1.05", "0.04").replace("1.00", "0.04").replace("1.10", "0.04")
    assert "is not above the blanks" in dose_response(written(tmp_path, dead)).rows()["reasons"][0]
    single = "\n".join(line for line in GOOD.splitlines() if ",B2," not in line and ",B3," not in line)
    assert "1 dose, of 3 needed" in dose_response(written(tmp_path, single)).rows()["reasons"][0]
    few = "\n".join(line for line in GOOD.splitlines() if ",A3," not in line)
    assert "2 control wells, of 3 needed" in dose_response(written(tmp_path, few)).rows()["reasons"][0]
    cells = GOOD.replace("od\n", "od,blasts\n", 1).replace("1.05\n", "1.05,55\n")
    lines = [line if line.count(",") == 8 else f"{line}," for line in cells.splitlines()]
    told = dose_response(written(tmp_path, "\n".join(lines))).rows()["reasons"][0]
    assert "55 % leukaemic cells, below 70 %" in told
    spread = (
        GOOD
        + "P1,B4,ALL-1,treated,vincristine,0.05,ug/ml,0.3\nP1,B5,ALL-1,treated,vincristine,0.5,ug/ml,0.2\n"
    )
    assert "CV of replicates above 30 %" in dose_response(written(tmp_path, spread)).rows()["reasons"][0]


def test_a_plate_that_fails_is_left_out_where_another_passes(tmp_path: Path) -> None:
    bad = GOOD.replace("P1,", "P2,").replace("1.05", "0.08").replace("1.00", "0.08").replace("1.10", "0.08")
    both = GOOD + "\n".join(bad.splitlines()[1:])
    found, alone = dose_response(written(tmp_path, both)), dose_response(written(tmp_path, GOOD, "one.csv"))
    assert found.rows()["lc50"].to_list() == alone.rows()["lc50"].to_list()
    assert "left out, plate P2" in found.rows()["notes"][0]


def test_all_censored_is_said(tmp_path: Path) -> None:
    text = GOOD.replace("0.15", "0.9")
    found = dose_response(written(tmp_path, text))
    assert "all 1 LC50 lie beyond the tested doses" in " ".join(found.notes)
    assert found.rows()["shown"].to_list() == ["> 5 µg/mL"]


def test_scaling_signals_and_shuffling_wells_change_nothing() -> None:
    wells = simulate_plates(3, seed=11).wells
    here = dose_response(wells).rows()
    scaled = wells.with_columns(od=pl.col("od") * 1000)
    there = dose_response(scaled).rows()
    shuffled = dose_response(wells.sample(fraction=1, shuffle=True, seed=4)).rows()
    order = ["patient", "drug"]
    for other in (there, shuffled):
        joined = here.sort(order).join(other.sort(order), on=order, how="left", maintain_order="left")
        assert joined["censoring"].to_list() == joined["censoring_right"].to_list()
        for name in ("lc50", "low", "high", "auc"):
            first, second = joined[name].to_list(), joined[f"{name}_right"].to_list()
            assert [each is None for each in first] == [each is None for each in second]
            assert [each for each in first if each is not None] == pytest.approx(
                [each for each in second if each is not None], rel=1e-9
            )


def test_the_truth_of_simulated_plates_is_found() -> None:
    made = simulate_plates(24, seed=5, noise=0.02)
    rows = dose_response(made.wells).rows().join(made.truth, on=["patient", "drug"], suffix="_true")
    known = rows.filter((pl.col("censoring") == "bracketed") & pl.col("ic50").is_not_null())
    off = (known["ic50"].log10() - known["lc50_true"].log10()).abs()
    assert known.height > 60
    assert off.median() < 0.05
    left = rows.filter(pl.col("censoring") == "left")
    assert (left["lc50_true"] < 1.5 * left["high"]).all()


def test_units_are_recognised_and_never_mixed() -> None:
    assert unit("ng/mL").name == "ng/mL"
    assert unit("µmol/L").name == "µM"
    assert factor("nM", "µM") == 1e-3
    assert factor("µg/mL", "µM", 360.44) == pytest.approx(1 / 0.36044)
    with pytest.raises(InputError, match="molar mass"):
        factor("µM", "µg/mL")
    with pytest.raises(InputError, match="activity"):
        factor("IU/mL", "µg/mL", 100.0)
    with pytest.raises(InputError, match="positive"):
        factor("µM", "µg/mL", -1.0)
    wells = read_wells(simulate_plates(1).wells)
    with pytest.raises(InputError, match=r"prednisolone: .* molar mass.*asparaginase: "):
        convert_wells(wells, "µM")


def test_converted_doses_scale_the_lc50() -> None:
    wells = read_wells(
        simulate_plates(2, seed=8).wells.filter(pl.col("drug").is_null() | (pl.col("drug") != "asparaginase"))
    )
    here = dose_response(wells).rows()
    there = dose_response(convert_wells(wells, "ng/mL")).rows()
    assert there["unit"].unique().to_list() == ["ng/mL"]
    known = here["lc50"].is_not_null()
    assert (there["lc50"].filter(known) / here["lc50"].filter(known)).to_list() == pytest.approx(
        [1000.0] * int(known.sum())
    )
