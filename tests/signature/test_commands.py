"""The commands: show a signature, score a matrix."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from remission.cli import app
from tests.signature.matrices import matrix
from tests.signature.test_locked import BY_KIND, QUANTILE

RUN = CliRunner()
NEW = matrix(120, 4, planted=10, shift=1.5, seed=20)


def written(folder: Path, samples: tuple[str, ...] = ("=1+1", "b", "c", "d")) -> Path:
    frame = pl.DataFrame({"gene": NEW.genes, **{name: NEW.values[:, i] for i, name in enumerate(samples)}})
    frame.write_csv(folder / "expression.csv")
    return folder / "expression.csv"


def test_apply_writes_what_scoring_gives(tmp_path: Path) -> None:
    path = QUANTILE.save(tmp_path / "signature.json")
    out = tmp_path / "scores.csv"
    answer = RUN.invoke(app, ["signature", "apply", str(path), str(written(tmp_path)), "--out", str(out)])
    assert answer.exit_code == 0, answer.output
    assert "Research use only" in answer.output
    table = pl.read_csv(out)
    assert table["sample"].to_list() == ["'=1+1", "b", "c", "d"]
    assert table["score"].to_list() == QUANTILE.score(NEW).scores.tolist()


def test_show_says_what_it_is(tmp_path: Path) -> None:
    for signature in BY_KIND.values():
        answer = RUN.invoke(app, ["signature", "show", str(signature.save(tmp_path / "s.json"))])
        assert answer.exit_code == 0
        for word in (signature.hash, "Research use only", "area under the ROC curve", "Heaviest genes"):
            assert word in answer.output


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("gene,a\ng0,high\n", "cells are no numbers"),
        ("gene\ng0\n", "has one column"),
        ("gene,a\ng0,1\ng0,2\n", "in several rows"),
        ("patient,g0,g1\na,1,2\nb,3,4\n", "lack too many"),
    ],
)
def test_a_wrong_matrix_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = QUANTILE.save(tmp_path / "signature.json")
    (tmp_path / "x.csv").write_text(text)
    out = tmp_path / "scores.csv"
    answer = RUN.invoke(app, ["signature", "apply", str(path), str(tmp_path / "x.csv"), "--out", str(out)])
    assert answer.exit_code == 1
    assert message in " ".join(answer.output.split())
    assert not out.exists()


def test_a_signature_that_is_none_is_told(tmp_path: Path) -> None:
    answer = RUN.invoke(app, ["signature", "show", str(tmp_path / "none.json")])
    assert answer.exit_code == 1
    assert "there is no such file" in answer.output


def test_the_matrix_of_another_laboratory_is_read_as_it_comes(tmp_path: Path) -> None:
    path = str(QUANTILE.save(tmp_path / "signature.json"))
    out = tmp_path / "scores.csv"
    right = QUANTILE.score(NEW).scores.tolist()
    probes = [f"{gene}_at" for gene in NEW.genes]
    names = ("a", "b", "c", "d")
    values = {name: NEW.values[:, i] for i, name in enumerate(names)}
    pl.DataFrame({"probe": probes, **values}).write_csv(tmp_path / "probes.csv")
    pl.DataFrame({"probe": probes, "gene": NEW.genes}).write_csv(tmp_path / "chip.csv")
    twice = pl.DataFrame({"gene": [*NEW.genes, NEW.genes[0]], **{k: [*v, v[0]] for k, v in values.items()}})
    twice.write_csv(tmp_path / "twice.csv")
    lying = pl.DataFrame({"patient": names, **{gene: NEW.values[i] for i, gene in enumerate(NEW.genes)}})
    (tmp_path / "lying.csv").write_text(lying.write_csv(separator=";").replace(".", ","))
    for file, said in (
        ("probes.csv", ["--annotation", str(tmp_path / "chip.csv")]),
        ("twice.csv", ["--duplicates", "mean"]),
        ("lying.csv", ["--rows", "samples", "--decimal", ","]),
    ):
        answer = RUN.invoke(app, ["signature", "apply", path, str(tmp_path / file), "--out", str(out), *said])
        assert answer.exit_code == 0, answer.output
        assert pl.read_csv(out)["score"].to_list() == pytest.approx(right, rel=1e-12)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["--scale", "log10"], "the scale is one of log2, intensity or counts, not log10"),
        (["--duplicates", "first"], "the rule for duplicates is one of refuse, mean, highest mean or widest"),
        (["--decimal", ";"], "the decimal mark is one of . or ,, not ;"),
        (["--rows", "patients"], "what rows hold is one of genes or samples, not patients"),
    ],
)
def test_options_of_a_matrix_are_told_in_words(tmp_path: Path, said: list[str], told: str) -> None:
    path, file = str(QUANTILE.save(tmp_path / "signature.json")), str(written(tmp_path))
    for command in (["apply", path, file], ["page", path, file, "--patient", "b"]):
        answer = RUN.invoke(app, ["signature", *command, "--out", str(tmp_path / "out"), *said])
        assert answer.exit_code == 1
        assert told in " ".join(answer.output.split())
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("said", "alone"), [([], False), (["--duplicates", "widest"], False), (["--duplicates", "mean"], True)]
)
def test_rows_chosen_by_all_patients_are_not_said_to_be_the_patients_own(
    tmp_path: Path, said: list[str], alone: bool
) -> None:
    path = str(QUANTILE.save(tmp_path / "signature.json"))
    probes = [f"{gene}_at" for gene in (*NEW.genes, "x")]
    values = {name: [*NEW.values[:, i], NEW.values[0, i] + 1] for i, name in enumerate(("a", "b", "c", "d"))}
    pl.DataFrame({"probe": probes, **values}).write_csv(tmp_path / "probes.csv")
    pl.DataFrame({"probe": probes, "gene": [*NEW.genes, NEW.genes[0]]}).write_csv(tmp_path / "chip.csv")
    given = [path, str(tmp_path / "probes.csv"), "--annotation", str(tmp_path / "chip.csv"), *said]
    scored = RUN.invoke(app, ["signature", "apply", *given, "--out", str(tmp_path / "scores.csv")])
    shown = RUN.invoke(app, ["signature", "page", *given, "--patient", "b", "--out", str(tmp_path / "page")])
    assert (scored.exit_code, shown.exit_code) == (0, 0)
    assert ("depend on who is in it" in " ".join(scored.output.split())) is not alone
    page = (tmp_path / "page" / "report.html").read_text(encoding="utf-8")
    assert ("the same among any other patients" in page) is alone
    assert "Genes of probes: chip.csv, SHA-256" in page
    assert "121 of 121 probes have one gene; 120 genes." in page
