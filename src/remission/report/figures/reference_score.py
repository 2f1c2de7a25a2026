"""Where one patient's score lies among those of the patients a signature was learned from."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from remission.report.figures.style import COLOURS, GREY, INK, MIDDLE, SMALL, TINY, journal, place, sheet

SHADES = ((0.025, 0.975, "#dfe6ec"), (0.1, 0.9, "#bccbd8"), (0.25, 0.75, "#8fa9bf"))
MARK = "Research use only"
HEIGHT, TOP, BELOW, SIDE = 11.0, 8.0, 13.0, 6.0


def plot_reference_score(
    ax: Axes, score: float, quantiles: Sequence[float], scores: Sequence[float], *, cuts: Sequence[float] = ()
) -> Axes:
    """Draw the middle 95, 80 and 50 % of the learning patients as bands, and the patient as a diamond.

    Parameters
    ----------
    ax : matplotlib Axes
    score : float
        Of the patient.
    quantiles, scores : sequences of float
        Shares (holding 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975) and the scores there.
    cuts : sequence of float
        Scores at which a call or group begins.

    Returns
    -------
    matplotlib Axes
    """
    at = dict(zip(quantiles, scores, strict=True))
    for low, high, shade in SHADES:
        ax.barh(0, at[high] - at[low], left=at[low], height=0.8, color=shade, lw=0, zorder=1)
    ax.plot([at[0.5]] * 2, [-0.4, 0.4], color=INK, lw=1.1, zorder=2)
    for cut in cuts:
        ax.axvline(cut, color=GREY, lw=0.9, ls=(0, (3, 2)), zorder=2)
    ax.plot([score], [0], "D", color=COLOURS[1], ms=6.5, mec="white", mew=0.8, zorder=4, clip_on=False)
    left, right = min(at[0.025], score, *cuts), max(at[0.975], score, *cuts)
    room = 0.07 * (right - left or 1.0)
    ax.set_xlim(left - room, right + room)
    ax.set_ylim(-0.75, 0.75)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.set_xlabel("Score")
    ax.annotate(
        "this patient",
        (score, 0.4),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        fontsize=SMALL,
        color=COLOURS[1],
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        annotation_clip=False,
    )
    return ax


def draw_reference_score(
    score: float,
    quantiles: Sequence[float],
    scores: Sequence[float],
    *,
    cuts: Sequence[float] = (),
    cut_words: str = "",
) -> Figure:
    """Draw it on a sheet of its own, with words at the cut-off."""
    with journal():
        figure = sheet(MIDDLE, TOP + HEIGHT + BELOW, MARK)
        ax = place(figure, SIDE, TOP, MIDDLE - 2 * SIDE, HEIGHT)
        plot_reference_score(ax, score, quantiles, scores, cuts=cuts)
        if cuts and cut_words:
            ax.annotate(
                cut_words,
                (cuts[0], 0.75),
                xytext=(0, 11),
                textcoords="offset points",
                ha="center",
                fontsize=TINY + 0.5,
                color=GREY,
                annotation_clip=False,
            )
        return figure
