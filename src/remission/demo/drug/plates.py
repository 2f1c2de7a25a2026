"""Drug-exposure plates: one per child, four drugs at six doses in duplicate, controls and blanks."""

from __future__ import annotations

from remission.demo.draws import Draws
from remission.demo.drug.model import Drug, Model
from remission.demo.drug.patients import Children

CONTROLS, BLANKS, REPLICATES = 6, 4, 2


def true_lc50(drug: Drug, resistance: float) -> float:
    """The concentration at which half of the child's leukaemic cells survive."""
    return float(10 ** (drug.centre + drug.spread * resistance))


def plates_csv(model: Model, children: Children, draws: Draws) -> bytes:
    """Every well of every plate, as a plate reader's export; some drugs were not tested for lack of cells."""
    lines = ["plate,patient,role,drug,concentration,unit,signal,leukaemic_cells"]
    n = len(children.ids)
    strange = draws.order(n)
    weak = set(strange[: model.weak_plates].tolist())
    few = set(strange[model.weak_plates : model.weak_plates + model.few_blasts].tolist())
    for i, patient in enumerate(children.ids):
        control = float(draws.between(*model.control_signal, 1)[0])
        control = 0.03 if i in weak else control
        blasts = float(draws.between(40, 65, 1)[0] if i in few else draws.between(75, 98, 1)[0])
        tested = draws.uniform(len(model.drugs)) >= model.not_tested
        begin = f"PL{i + 1:03d},{patient}"

        def well(role: str, drug: str, dose: str, unit: str, net: float) -> None:
            noise = 1 + model.well_noise * float(draws.normal(1)[0])
            signal = model.blank_signal * (1 + 0.03 * float(draws.normal(1)[0])) + max(net * noise, 0.0)
            lines.append(f"{begin},{role},{drug},{dose},{unit},{signal:.4f},{blasts:.0f}")  # noqa: B023

        for _ in range(BLANKS):
            well("blank", "", "", "", 0.0)
        for _ in range(CONTROLS):
            well("control", "", "", "", control)
        for d, drug in enumerate(model.drugs):
            if not tested[d]:
                continue
            half = true_lc50(drug, float(children.resistance[i, d]))
            for dose in drug.doses:
                survives = 1 / (1 + (dose / half) ** drug.slope)
                for _ in range(REPLICATES):
                    well("treated", drug.name, f"{dose:g}", drug.unit, control * survives)
    return ("\n".join(lines) + "\n").encode("utf-8")
