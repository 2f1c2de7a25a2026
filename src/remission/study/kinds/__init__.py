"""The kinds of analysis, one file each; the catalogue is `KINDS`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from remission.study.kind import Kind
from remission.study.kinds import (
    added_value,
    adjusted,
    benchmark,
    causes_of_death,
    characteristics,
    compare,
    curves,
    drug_response,
    eras,
    first_events,
    follow_up,
    genes,
    landmark,
    model,
    mrd,
    prediction,
    response_rates,
    restratify,
    screen,
    subgroups,
    transplant_effect,
    treatment,
)

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            characteristics.KIND,
            follow_up.KIND,
            curves.KIND,
            compare.KIND,
            landmark.KIND,
            screen.KIND,
            model.KIND,
            subgroups.KIND,
            adjusted.KIND,
            transplant_effect.KIND,
            treatment.KIND,
            benchmark.KIND,
            eras.KIND,
            restratify.KIND,
            causes_of_death.KIND,
            first_events.KIND,
            response_rates.KIND,
            mrd.KIND,
            prediction.KIND,
            added_value.KIND,
            drug_response.KIND,
            genes.KIND,
        )
    }
)
"""Name to kind, in the order in which a report usually has them."""
