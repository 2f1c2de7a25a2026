"""How every figure looks: millimetres, points, colours that survive colour blindness and greyscale."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.textpath import text_to_path
from matplotlib.ticker import MaxNLocator

from remission.report.format import count

MM = 1 / 25.4
POINT = 25.4 / 72
SINGLE, MIDDLE, DOUBLE = 85.0, 120.0, 174.0
BASE, SMALL, PANEL, TINY = 7.5, 7.0, 8.5, 6.0
MARK = 3.2
INK, GREY, PALE = "#1a1a1a", "#5f5f5f", "#e9ecef"

# Okabe & Ito's colours; in greyscale the dash tells the lines apart.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#1a1a1a", "#56B4E9", "#E69F00")
DASHES: tuple[Any, ...] = (
    "solid",
    (0, (5.0, 1.6)),
    (0, (1.1, 1.1)),
    (0, (6.0, 1.4, 1.1, 1.4)),
    (0, (2.6, 1.2)),
    (0, (6.0, 1.4, 1.1, 1.4, 1.1, 1.4)),
    (0, (9.0, 2.0)),
)

# Journals ask for Arial or its like; DejaVu Sans comes with matplotlib and so is always there.
WANTED = ("Arial", "Liberation Sans", "Arimo", "DejaVu Sans")
# For labels in Chinese, Japanese or Korean, which those fonts lack.
EAST_ASIAN = (
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "Yu Gothic",
    "Meiryo",
    "MS Gothic",
    "Hiragino Sans",
    "IPAexGothic",
    "IPAGothic",
    "TakaoGothic",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "Malgun Gothic",
)


@lru_cache(maxsize=1)
def fonts() -> tuple[str, ...]:
    """Family names of this machine to draw with, best first; the last is always present."""
    here = {font.name for font in font_manager.fontManager.ttflist}
    return (*[name for name in WANTED if name in here], *[name for name in EAST_ASIAN if name in here][:1])


@contextmanager
def journal() -> Iterator[None]:
    """Draw and save in the house style: nothing of the user's own matplotlib settings leaks in or out."""
    settings: Any = {
        "font.family": list(fonts()),
        "font.size": BASE,
        "text.color": INK,
        "text.parse_math": False,
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.labelsize": BASE,
        "axes.linewidth": 0.6,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": True,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.major.width": 0.6,
        "ytick.major.width": 0.6,
        "xtick.major.size": 2.6,
        "ytick.major.size": 2.6,
        "xtick.major.pad": 2.2,
        "ytick.major.pad": 2.2,
        "lines.linewidth": 1.2,
        "lines.solid_capstyle": "butt",
        "lines.dash_capstyle": "butt",
        "lines.scale_dashes": True,
        "patch.linewidth": 0.6,
        "path.simplify": False,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "savefig.bbox": None,
        "svg.fonttype": "path",
        "svg.hashsalt": "remission",
        "pdf.fonttype": 42,
    }
    with mpl.rc_context(settings):
        yield


def colour(position: int) -> str:
    """Colour of the group at a position; they begin again after seven."""
    return COLOURS[position % len(COLOURS)]


def dash(position: int) -> Any:
    """Line style of the group at a position."""
    return DASHES[position % len(DASHES)]


def text_width(text: str, size: float) -> float:
    """Width of a line of text in millimetres; a character no font has is as wide as its box."""
    return _width(text) * size if text else 0.0


@lru_cache(maxsize=4096)
def _width(text: str) -> float:
    """Width at a size of one point."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from", category=UserWarning)
        width = text_to_path.get_text_width_height_descent(text, _font(), ismath=False)[0]
    return float(width) * POINT


@lru_cache(maxsize=1)
def _font() -> font_manager.FontProperties:
    return font_manager.FontProperties(family=list(fonts()), size=1.0)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break text into lines of at most `width` millimetres; a longer word keeps a line to itself.

    Non-breaking spaces do not break.
    """
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def sheet(width: float, height: float, mark: str = "") -> Figure:
    """Make an empty figure of so many millimetres; a mark ("Simulated data") gets its own line below."""
    figure = Figure(figsize=(width * MM, (height + (MARK if mark else 0.0)) * MM), dpi=300)
    if mark:
        figure.text(
            1 - 0.6 / width, 0.0, mark, fontsize=TINY, color=GREY, ha="right", va="bottom", parse_math=False
        )
    return figure


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Put axes at millimetres from the left and from the top of the figure."""
    across, down = figure.get_size_inches() / MM
    return figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))


def count_ticks(axis: Axis, most: int = 5) -> None:
    """Mark an axis of counts at whole numbers, written as counts are everywhere."""
    axis.set_major_locator(MaxNLocator(most, integer=True))
    axis.set_major_formatter(lambda value, _: count(value))


def size_of(ax: Axes) -> tuple[float, float]:
    """Width and height of a plotting area in millimetres."""
    scale = MM * float(ax.figure.dpi)
    return float(ax.bbox.width) / scale, float(ax.bbox.height) / scale
