"""The flow diagram: from the rows of the file to the patients analysed, and who lacks an endpoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from remission.cohort.cohort import FlowStep
from remission.core.wording import sentence_case
from remission.report.figures.style import DOUBLE, GREY, INK, PALE, SMALL, journal, place, sheet, wrapped
from remission.report.format import count, plural
from remission.study.results import EndpointSummary

BOX, SIDE = 62.0, 78.0
LINE, PAD, GAP = 3.4, 1.8, 6.0
ARROW = {
    "arrowstyle": "-|>,head_width=0.12,head_length=0.3",
    "lw": 0.6,
    "color": INK,
    "shrinkA": 0,
    "shrinkB": 0,
}


@dataclass(frozen=True, slots=True)
class Stage:
    """A box of the trunk, and the box beside the arrow that leads to it ("" when nobody left)."""

    text: str
    left_out: str = ""


def stages(flow: Sequence[FlowStep]) -> list[Stage]:
    """Boxes of the trunk: exclusions that follow each other share one box at the side, as CONSORT draws them.

    A first step that excludes nobody is where the count starts; without one the count starts before the first
    exclusion.
    """
    if not flow:
        return []
    first, rest = flow[0], list(flow[1:])
    if first.excluded:
        begin, rest = first.excluded + first.remaining, list(flow)
        top = "Rows in the file"
    else:
        begin, top = first.remaining, sentence_case(first.reason) or "Rows in the file"
    left = [step for step in rest if step.excluded]
    trunk = [Stage(f"{top}\n(n = {count(begin)})")]
    if left:
        lines = [f"Excluded (n = {count(sum(step.excluded for step in left))})"]
        lines += [f"  {_reason(step)}" for step in left]
        trunk.append(Stage(f"Patients included\n(n = {count(flow[-1].remaining)})", "\n".join(lines)))
    return trunk


def _reason(step: FlowStep) -> str:
    unknown = f", of whom {count(step.unknown)} unknown" if step.unknown else ""
    return f"{sentence_case(step.reason)} (n = {count(step.excluded)}{unknown})"


def branches(endpoints: Sequence[EndpointSummary]) -> list[str]:
    """Boxes under the trunk: endpoints with exclusions of their own, those with the same ones together."""
    found: dict[tuple[FlowStep, ...], list[EndpointSummary]] = {}
    for endpoint in endpoints:
        found.setdefault(tuple(step for step in endpoint.flow if step.excluded), []).append(endpoint)
    if not any(found):
        return []
    boxes = []
    for steps, group in found.items():
        names = "; ".join(sentence_case(endpoint.label) for endpoint in group)
        lines = [names, f"(n = {count(group[0].n)})", *[_reason(step) for step in steps]]
        boxes.append("\n".join(lines))
    return boxes


def plot_flow(ax: Axes, flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary] = ()) -> Axes:
    r"""Draw the flow diagram; one unit of the axis is a millimetre, `flow_height` tells how many it needs.

    Parameters
    ----------
    ax : matplotlib Axes
    flow : sequence of FlowStep
        Of the cohort.
    endpoints : sequence of EndpointSummary
        Those with exclusions of their own get a box.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> steps = [FlowStep("Rows in the file", 0, 61), FlowStep("second transplant", 2, 59)]
    >>> [text.get_text() for text in plot_flow(Figure().add_subplot(), steps).texts][0]
    'Rows in the file\n(n = 61)'
    """
    height = flow_height(flow, endpoints)
    ax.set_axis_off()
    ax.set_xlim(0, DOUBLE)
    ax.set_ylim(0, height)
    trunk, below = stages(flow), branches(endpoints)
    left = (DOUBLE - BOX - SIDE - 8) / 2 if any(stage.left_out for stage in trunk) else (DOUBLE - BOX) / 2
    centre, y = left + BOX / 2, height - 0.5
    for number, stage in enumerate(trunk):
        if number:
            side = _broken(stage.left_out, SIDE - 2 * PAD)
            gap = max(GAP, _tall(side) + 4 if side else GAP)
            _arrow(ax, (centre, y), (centre, y - gap))
            if side:
                _arrow(ax, (centre, y - gap / 2), (left + BOX + 8, y - gap / 2))
                _box(ax, left + BOX + 8, y - gap / 2 + _tall(side) / 2, SIDE, side, centred=False)
            y -= gap
        lines = _broken(stage.text, BOX - 2 * PAD)
        _box(ax, left, y, BOX, lines, fill=PALE if number == len(trunk) - 1 else "white")
        y -= _tall(lines)
    _branches(ax, below, centre, y)
    return ax


def _branches(ax: Axes, below: Sequence[str], centre: float, y: float) -> None:
    """Boxes of the endpoints, side by side under a crossbar."""
    if not below:
        return
    across = min(52.0, (DOUBLE - 4 * (len(below) - 1)) / len(below))
    begin = min(max(0.5, centre - (across * len(below) + 4 * (len(below) - 1)) / 2), DOUBLE)
    centres = [begin + across / 2 + number * (across + 4) for number in range(len(below))]
    bar = y - GAP / 2
    ax.plot([centre, centre], [y, bar], color=INK, lw=0.6)
    ax.plot([min(*centres, centre), max(*centres, centre)], [bar, bar], color=INK, lw=0.6)
    for middle, text in zip(centres, below, strict=True):
        _arrow(ax, (middle, bar), (middle, y - GAP))
        _box(ax, middle - across / 2, y - GAP, across, _broken(text, across - 2 * PAD))


def flow_height(flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary] = ()) -> float:
    """Millimetres the diagram needs."""
    height = 1.0
    for number, stage in enumerate(stages(flow)):
        side = _broken(stage.left_out, SIDE - 2 * PAD)
        height += _tall(_broken(stage.text, BOX - 2 * PAD))
        height += max(GAP, _tall(side) + 4 if side else GAP) if number else 0
    below = branches(endpoints)
    if below:
        across = min(52.0, (DOUBLE - 4 * (len(below) - 1)) / len(below))
        height += GAP + max(_tall(_broken(text, across - 2 * PAD)) for text in below)
    return height


def _broken(text: str, width: float) -> list[str]:
    """Lines of a box; reasons that start with two spaces are indented."""
    lines: list[str] = []
    for part in text.split("\n") if text else []:
        indent = "   " if part.startswith("  ") else ""
        lines += [f"{indent}{line}" for line in wrapped(part.strip(), width - (2 if indent else 0), SMALL)]
    return lines


def _tall(lines: Sequence[str]) -> float:
    return LINE * len(lines) + 2 * PAD


def _box(
    ax: Axes,
    left: float,
    top: float,
    width: float,
    lines: Sequence[str],
    *,
    centred: bool = True,
    fill: str = "white",
) -> None:
    height = _tall(lines)
    ax.add_patch(Rectangle((left, top - height), width, height, facecolor=fill, edgecolor=GREY, lw=0.6))
    ax.text(
        left + width / 2 if centred else left + PAD,
        top - height / 2,
        "\n".join(lines),
        fontsize=SMALL,
        ha="center" if centred else "left",
        va="center",
        linespacing=1.25,
        parse_math=False,
    )


def _arrow(ax: Axes, begin: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", xy=end, xytext=begin, arrowprops=ARROW)


def draw_flow(flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary], mark: str = "") -> Figure:
    """Draw the flow diagram as a figure of its own."""
    with journal():
        height = flow_height(flow, endpoints)
        figure = sheet(DOUBLE, height, mark)
        plot_flow(place(figure, 0, 0, DOUBLE, height), flow, endpoints)
        return figure


def describe_flow(flow: Sequence[FlowStep], endpoints: Sequence[EndpointSummary]) -> str:
    """Say what the diagram shows to a reader who cannot see it."""
    if not flow:
        return "Flow diagram without steps."
    begin = flow[0].excluded + flow[0].remaining
    left = [f"{count(step.excluded)} excluded ({step.reason})" for step in flow if step.excluded]
    words = [
        f"Flow diagram. {plural(begin, 'row')} in the file",
        *left,
        f"{count(flow[-1].remaining)} included",
    ]
    own = [f"{endpoint.label}: {count(endpoint.n)} analysed" for endpoint in endpoints]
    return "; ".join([*words, *own]) + "."
