"""Tails far out, and their inverse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remission.core.tails import chi_square_upper, normal_quantile, normal_two_sided, student_two_sided


@pytest.mark.parametrize(
    ("statistic", "df", "p"),
    [  # pchisq(..., lower.tail = FALSE) in R 4.2.2
        (3.841458820694124, 1, 0.05),
        (200.0, 1, 2.088487583762545e-45),
        (500.0, 3, 4.771672031912758e-108),
        (0.0, 2, 1.0),
    ],
)
def test_chi_square(statistic: float, df: int, p: float) -> None:
    assert float(chi_square_upper(statistic, df)) == pytest.approx(p, rel=1e-10, abs=0)


def test_no_degrees_of_freedom_is_no_test() -> None:
    assert np.isnan(chi_square_upper(0.0, 0))
    assert np.isnan(chi_square_upper(np.nan, 2))


@pytest.mark.parametrize(("z", "p"), [(0.0, 1.0), (-10.0, 1.5239706048321052e-23), (1.959963984540054, 0.05)])
def test_normal(z: float, p: float) -> None:
    assert float(normal_two_sided(z)) == pytest.approx(p, rel=1e-10, abs=0)


@given(st.floats(0.001, 30))
def test_chi_square_on_one_df_is_a_squared_normal(z: float) -> None:
    assert float(chi_square_upper(z**2, 1)) == pytest.approx(float(normal_two_sided(z)), rel=1e-9, abs=0)


@given(st.floats(1e-10, 1 - 1e-10))
def test_quantile_is_the_inverse(p: float) -> None:
    z = float(normal_quantile((1 + p) / 2))
    assert float(normal_two_sided(z)) == pytest.approx(1 - p, rel=1e-5)


@pytest.mark.parametrize(
    ("t", "df", "p"),
    [  # 2 * pt(-abs(t), df) in R 4.2.2
        (2.0, 10, 0.073388034770740393),
        (-50.0, 5, 6.0477576266012343e-08),
        (0.001, 3, 0.99926489496946092),
        (40.0, 2.5, 0.00014195634290493385),
        (1e200, 3, 0.0),
        (np.inf, 3, 0.0),
        (0.0, 3, 1.0),
    ],
)
def test_student(t: float, df: float, p: float) -> None:
    assert float(student_two_sided(t, df)) == pytest.approx(p, rel=1e-10, abs=0)


def test_student_without_degrees_of_freedom_or_statistic_is_none() -> None:
    assert np.isnan(student_two_sided([1.0, 1.0, np.nan], [0, -1, 3])).all()
