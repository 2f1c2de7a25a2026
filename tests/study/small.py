"""A small good study, whole and in pieces, for tests that break or run it."""

from __future__ import annotations

from pathlib import Path

ROWS = """\
patient,age,sex,graft,transplant_date,relapse_date,death_date,last_contact,gvhd,gvhd_date
p1,61,F,BM,2010-01-10,,2011-03-01,2011-03-01,1,2010-02-20
p2,48,M,PB,2010-05-02,2010-09-01,2010-12-24,2010-12-24,0,
p3,55,F,CB,2011-02-14,,,2016-01-31,1,2011-03-30
p4,39,M,BM,2011-08-30,,,2015-06-30,0,
p5,67,M,PB,2012-03-05,2012-11-11,2013-01-20,2013-01-20,0,
p6,29,F,CB,2012-10-21,,,2017-02-28,1,2012-12-01
p7,44,F,BM,2013-01-15,2013-06-06,2014-02-02,2014-02-02,0,
p8,58,M,PB,2013-07-07,,2013-08-01,2013-08-01,0,
"""
STUDY = """\
schema = 1

[study]
title = "A small study"
question = "Who survives?"
authors = ["K. Sato"]
seed = 11
simulated = true

[cohort]
file = "patients.csv"
id = "patient"
time_zero = "transplant_date"
time_zero_label = "transplantation"
baseline = ["age", "sex", "graft"]
include = [{ condition = "age < 67", reason = "67 or older" }]

[columns]
age = { kind = "number", unit = "years", range = [0, 100] }
gvhd = { kind = "yes/no", codes = { 1 = "yes", 0 = "no" }, known_at = "gvhd_date" }

[derived]
older = { from = "age", cut = ["< 50", ">= 50"] }

[endpoints]
os = { definition = "overall-survival", death = "death_date", last = "last_contact" }
pfs = { definition = "progression-free-survival", relapse = "relapse_date", death = "death_date", \
last = "last_contact", never_cr = "first-recorded-progression" }
relapse = { definition = "relapse-incidence", same_as = "pfs" }

[[analysis]]
kind = "characteristics"
by = "sex"

[[analysis]]
kind = "curves"
endpoint = ["os", "relapse"]
at = ["1 year", "2 years"]

[[analysis]]
kind = "compare"
endpoint = "os"
by = "gvhd"
at = "1 year"
landmark = "100 days"
"""


def small_study(folder: Path, study: str = STUDY, rows: str = ROWS) -> Path:
    """Write it into a folder and return the study file."""
    (folder / "patients.csv").write_text(rows, encoding="utf-8")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml"
