"""Numbers as a journal prints them. An absent number is a dash, never a zero."""

from __future__ import annotations

import math

ABSENT = "–"
NOT_REACHED = "not reached"
MINUS = "\N{MINUS SIGN}"
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LIMITS, STANDARD_ERROR, BOTH = "limits", "standard error", "both"


def fixed(value: float | None, decimals: int) -> str:
    """Round to `decimals`, with a true minus sign and no negative zero.

    Examples
    --------
    >>> fixed(-3.14159, 1), fixed(-0.01, 1), fixed(None, 1)
    ('−3.1', '0.0', '–')
    """
    if value is None or math.isnan(value):
        return ABSENT
    text = f"{value:.{decimals}f}"
    if text.startswith("-"):
        text = MINUS + text[1:] if float(text) else text[1:]
    return text


def count(value: float | None, decimals: int | None = None) -> str:
    """Print a count: whole when it is whole, one decimal for weighted counts, thousands separated.

    With `decimals` always that many, as counts expected by chance have them.

    Examples
    --------
    >>> count(15903.0), count(12.25), count(None), count(3823.61, 1), count(4.0, 1)
    ('15,903', '12.2', '–', '3,823.6', '4.0')
    """
    if value is None or math.isnan(value):
        return ABSENT
    if decimals is None:
        decimals = 0 if float(value).is_integer() else 1
    return f"{value:,.{decimals}f}"


def size(value: float | None) -> str:
    r"""Print how many, on one line: `n = 1,234` with spaces that do not break.

    Examples
    --------
    >>> size(13536)
    'n\xa0=\xa013,536'
    """
    return f"n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}{count(value)}"


def error(value: float | None, decimals: int) -> str:
    """Print a standard error with `decimals`, or with as many as show that it is not 0.

    Examples
    --------
    >>> error(0.056, 2), error(0.0038, 2), error(0.0, 2), error(None, 2)
    ('0.06', '0.004', '0.00', '–')
    """
    if value is not None and value > 0:
        while not float(f"{value:.{decimals}f}"):
            decimals += 1
    return fixed(value, decimals)


def percent(share: float | None) -> str:
    """Print a proportion as per cent with one decimal.

    Examples
    --------
    >>> percent(0.29702), percent(None)
    ('29.7%', '–')
    """
    return ABSENT if share is None else f"{fixed(100 * share, 1)}%"


def limits(low: float | None, high: float | None, *, scale: float = 100, decimals: int = 1) -> str:
    """Two limits with an en dash, or "to" when one is negative; "" when both are absent.

    Examples
    --------
    >>> limits(0.237, 0.372), limits(-0.22, 0.392), limits(None, None)
    ('23.7–37.2', '−22.0 to 39.2', '')
    """
    if low is None and high is None:
        return ""
    ends = [fixed(None if end is None else scale * end, decimals) for end in (low, high)]
    plain = all(end is None or end >= 0 for end in (low, high)) and None not in (low, high)
    return ("–" if plain else " to ").join(ends)


def percent_styled(
    estimate: float | None,
    std_error: float | None,
    ends: tuple[float | None, float | None],
    style: object = LIMITS,
    ci: str = "",
) -> str:
    """Print an estimate as the study writes them: with limits, with its standard error, or with both.

    `ci` names the interval ("95% CI"), which a sentence does once.

    Examples
    --------
    >>> percent_styled(0.662, 0.056, (0.54, 0.759), "standard error")
    '66.2% (SE 5.6)'
    >>> percent_styled(0.662, 0.056, (0.54, 0.759), "both", "95% CI")
    '66.2% (SE 5.6; 95% CI 54.0–75.9)'
    >>> percent_styled(0.662, 0.056, (0.54, 0.759), "limits", "95% CI")
    '66.2% (95% CI 54.0–75.9)'
    """
    if estimate is None:
        return "not estimable"
    se = "" if std_error is None or style not in (STANDARD_ERROR, BOTH) else error(100 * std_error, 1)
    told = limits(*ends) if style != STANDARD_ERROR else ""
    inside = "; ".join([*([f"SE {se}"] if se else []), *([f"{ci} {told}".strip()] if told else [])])
    return f"{percent(estimate)} ({inside})" if inside else percent(estimate)


def percentage(share: float) -> str:
    """Print a share that somebody chose, a threshold or a confidence, with the digits it has.

    Examples
    --------
    >>> percentage(0.95), percentage(0.07), percentage(0.025), percentage(0.005)
    ('95%', '7%', '2.5%', '0.5%')
    """
    return f"{100 * share:g}%"


def interval(estimate: float | None, low: float | None, high: float | None, decimals: int = 2) -> str:
    """Print an estimate on its own scale, with its limits where there are any.

    Examples
    --------
    >>> interval(0.81, 0.72, 0.88), interval(0.81, None, None), interval(None, None, None)
    ('0.81 (0.72–0.88)', '0.81', '–')
    """
    ends = limits(low, high, scale=1, decimals=decimals) if estimate is not None else ""
    return f"{fixed(estimate, decimals)} ({ends})" if ends else fixed(estimate, decimals)


def chi_squared(statistic: float | None, df: float | None, decimals: int = 2) -> str:
    """Print a statistic of a test with its degrees of freedom.

    Examples
    --------
    >>> chi_squared(8.3142, 2.0)
    'χ² = 8.31, df = 2'
    """
    return f"χ² = {fixed(statistic, decimals)}, df = {count(df)}"


def power_of_ten(exponent: int) -> str:
    """Print a power of ten.

    Examples
    --------
    >>> power_of_ten(-4)
    '10⁻⁴'
    """
    return f"10{str(exponent).translate(_RAISED)}"


def p_value(p: float | None) -> str:
    """Print a P value: two significant digits, "<0.001" below, ">0.99" above.

    Never zero, never one, and 0.046 is not 0.05. Monotone: a larger P never prints as a smaller one.

    Examples
    --------
    >>> [p_value(p) for p in (0.00001, 0.00104, 0.046, 0.0496, 0.05, 0.95, 0.9999)]
    ['<0.001', '0.0010', '0.046', '0.050', '0.050', '0.95', '>0.99']
    """
    if p is None or math.isnan(p):
        return ABSENT
    if p < 0.001:
        return "<0.001"
    if p > 0.99:
        return ">0.99"
    exponent = int(f"{p:.1e}".split("e")[1])
    return f"{p:.{1 - exponent}f}"


def p_phrase(p: float | None) -> str:
    """Print `P = 0.046`, `P < 0.001`, `P not estimable`.

    Examples
    --------
    >>> p_phrase(0.0461), p_phrase(1e-9)
    ('P = 0.046', 'P < 0.001')
    """
    text = p_value(p)
    if text == ABSENT:
        return "P not estimable"
    return f"P {text[0]} {text[1:]}" if text[0] in "<>" else f"P = {text}"


def predicted_percent(probability: float) -> str:
    """Print a predicted probability in whole per cent; never 0 or 100, which nobody can predict.

    Examples
    --------
    >>> predicted_percent(0.494), predicted_percent(0.0004), predicted_percent(0.9999)
    ('49%', '<1%', '>99%')
    """
    if math.isnan(probability):
        return ABSENT
    if not 0.005 <= probability <= 0.995:
        return "<1%" if probability < 0.005 else ">99%"
    return f"{fixed(100 * probability, 0)}%"


def measured_range(middle: float, low: float | None, high: float | None) -> str:
    """Print a median with its range, all with one number of decimals.

    Where the range is of whole numbers they stay whole; only a median may lie between two.

    Examples
    --------
    >>> measured_range(9.6, 0.6, 20.2), measured_range(28, 7, 52), measured_range(0.45, 0.1, 3.25)
    ('9.6 (0.6–20.2)', '28 (7–52)', '0.45 (0.10–3.25)')
    >>> measured_range(101.5, 78, 256), measured_range(2010.5, 2007, 2017)
    ('101.5 (78–256)', '2010 (2007–2017)')
    """
    whole = all(value is None or float(value).is_integer() for value in (low, high, 2 * middle))
    if abs(middle) >= 1000:
        decimals = 0
    elif whole:
        decimals = 0 if float(middle).is_integer() else 1
    elif abs(middle) >= 1:
        decimals = 1
    else:
        decimals = min(4, 1 - math.floor(math.log10(abs(middle)))) if middle else 2
    ends = 0 if whole else decimals
    large = any(value is not None and abs(value) >= 10_000 for value in (middle, low, high))
    told = [
        _separated(value, of, large=large) for value, of in ((middle, decimals), (low, ends), (high, ends))
    ]
    return f"{told[0]} ({told[1]}{'–' if low is not None and low >= 0 else ' to '}{told[2]})"


def _separated(value: float | None, decimals: int, *, large: bool) -> str:
    """Round, with thousands separated beside numbers of five digits: a year is four without a comma."""
    if value is None or not large:
        return fixed(value, decimals)
    return f"{value:,.{decimals}f}".replace("-", MINUS)


def elapsed(value: float | None, unit: str) -> str:
    """Print a time with its unit: days whole, others with one decimal (two below one).

    Examples
    --------
    >>> elapsed(5.25, "years"), elapsed(372.0, "days"), elapsed(0.42, "years"), elapsed(None, "years")
    ('5.2 years', '372 days', '0.42 years', '–')
    """
    if value is None:
        return ABSENT
    return f"{time_number(value, unit)} {unit}".strip()


def time_number(value: float | None, unit: str) -> str:
    """Print a time without its unit (see `elapsed`)."""
    if value is None:
        return ABSENT
    if unit == "days":
        return fixed(value, 0)
    return fixed(value, 2 if 0 < abs(value) < 1 else 1)


def plural(number: float, one: str, many: str = "") -> str:
    """Count things in words: `1 patient`, `3 patients`.

    Examples
    --------
    >>> plural(1, "patient"), plural(3, "death"), plural(0, "analysis", "analyses")
    ('1 patient', '3 deaths', '0 analyses')
    """
    return f"{count(number)} {one if number == 1 else many or one + 's'}"
