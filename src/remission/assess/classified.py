"""Accuracy, sensitivity, specificity and predictive values of calls, with exact limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from remission.assess.given import flags, same_length
from remission.assess.measured import Measured, Predictions, covered
from remission.core.problems import InputError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Classified:
    """What calls are worth.

    Attributes
    ----------
    true_positive, false_positive, true_negative, false_negative : int
    accuracy, sensitivity, specificity, positive_value, negative_value : Measured
        NaN where nobody is in the denominator.
    balanced_accuracy : float
        Mean of sensitivity and specificity: what accuracy would be were the classes of one size.
    no_information : float
        Share of the larger class: the accuracy of calling everybody that.
    """

    true_positive: int
    false_positive: int
    true_negative: int
    false_negative: int
    accuracy: Measured
    sensitivity: Measured
    specificity: Measured
    positive_value: Measured
    negative_value: Measured

    @property
    def balanced_accuracy(self) -> float:
        """Mean of sensitivity and specificity."""
        return (self.sensitivity.estimate + self.specificity.estimate) / 2

    @property
    def no_information(self) -> float:
        """Share of the larger class."""
        positive = self.true_positive + self.false_negative
        return max(positive, self.accuracy.n - positive) / self.accuracy.n

    def rows(self) -> pl.DataFrame:
        """One row per measure."""
        import polars as pl  # noqa: PLC0415 - loaded when first needed

        measures = (
            self.accuracy,
            self.sensitivity,
            self.specificity,
            self.positive_value,
            self.negative_value,
        )
        return pl.concat([each.rows() for each in measures])


def classified(
    called: Any, truth: Any, *, level: float = 0.95, predictions: Predictions = "new patients"
) -> Classified:
    """Compare calls with the truth.

    Limits are Clopper and Pearson's: never less than `level` in chance of covering. Of cross-validated calls
    they take the calls as given, see `covers`. The predictive values hold at the share of the class among
    these patients only.

    Parameters
    ----------
    called, truth : arrays (n,)
        True for the class of interest. Leave out the unknown and the intermediate.

    Raises
    ------
    InputError
        Other values, or different lengths.

    References
    ----------
    Clopper and Pearson, Biometrika 1934.

    Examples
    --------
    >>> found = classified([True, True, False, False], [True, False, False, False])
    >>> found.accuracy.estimate, found.specificity.estimate
    (0.75, 0.6666666666666666)
    """
    said, positive = flags(called, "the call"), flags(truth)
    same_length(called=said, truth=positive)
    words = covered(predictions)

    def share(name: str, hits: int, among: int) -> Measured:
        low, high = exact_limits(hits, among, level) if among else (float("nan"), float("nan"))
        estimate = hits / among if among else float("nan")
        error = (estimate * (1 - estimate) / among) ** 0.5 if among else float("nan")
        return Measured(name, estimate, error, low, high, level, among, hits, "Clopper-Pearson", words)

    tp, fp = int((said & positive).sum()), int((said & ~positive).sum())
    fn, tn = int((~said & positive).sum()), int((~said & ~positive).sum())
    return Classified(
        tp,
        fp,
        tn,
        fn,
        share("accuracy", tp + tn, len(said)),
        share("sensitivity", tp, tp + fn),
        share("specificity", tn, tn + fp),
        share("positive predictive value", tp, tp + fp),
        share("negative predictive value", tn, tn + fn),
    )


def exact_limits(hits: int, among: int, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson limits of a proportion.

    Examples
    --------
    >>> tuple(round(limit, 4) for limit in exact_limits(8, 10))
    (0.4439, 0.9748)
    """
    from scipy.special import betaincinv  # noqa: PLC0415 - loaded when first needed

    if not 0 <= hits <= among or among < 1:
        raise InputError(f"{hits} of {among} is no proportion")
    tail = (1 - level) / 2
    low = float(betaincinv(hits, among - hits + 1, tail)) if hits else 0.0
    high = float(betaincinv(hits + 1, among - hits, 1 - tail)) if hits < among else 1.0
    return low, high
