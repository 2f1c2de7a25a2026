"""The answer of a protocol for one patient, with its reasons."""

from __future__ import annotations

from dataclasses import dataclass

OUTSIDE = "outside the protocol"


@dataclass(frozen=True, slots=True)
class Assignment:
    """Which group a patient belongs to, and why; or what is missing to say so.

    Attributes
    ----------
    protocol : str
    group : str or None
        None where the known inputs leave more than one answer, or the protocol does not apply.
    label : str
        The group in words.
    possible : tuple of str
        Every answer that the missing inputs leave open, in the order of the protocol; "outside the protocol"
        is one of them. One only when it is decided.
    rules : tuple of str
        The rule that fired, in words; where the group is decided but not by which of its rules, all of them.
    because : tuple of str
        The conditions that decided it.
    missing : tuple of str
        Inputs that are not known and on which the answer still depends.
    would_decide : tuple of tuple of str
        The smallest sets of missing inputs that could have decided, depending on their values.
    outside : str
        Why the protocol does not apply; empty when it does, or may.
    assumed : tuple of str
        Settings and marks that must be read with the answer.
    """

    protocol: str
    group: str | None
    label: str
    possible: tuple[str, ...]
    rules: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    would_decide: tuple[tuple[str, ...], ...] = ()
    outside: str = ""
    assumed: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether more information could not change the answer."""
        return len(self.possible) == 1

    def __str__(self) -> str:
        lines = [f"{self.protocol}: {self.headline}"]
        lines += [f"  rule: {' / '.join(self.rules)}"] if self.rules else []
        lines += [f"  because {'; '.join(self.because)}"] if self.because else []
        if self.missing:
            lines.append(f"  not known: {', '.join(self.missing)}")
        if self.would_decide:
            lines.append(f"  would have decided: {self.decisive}")
        return "\n".join([*lines, *(f"  note: {said}" for said in self.assumed)])

    @property
    def headline(self) -> str:
        """The answer in one line."""
        if self.group is not None:
            return f"{self.group} ({self.label})" if self.label else self.group
        if self.outside:
            return f"{OUTSIDE}: {self.outside}"
        return f"not decided; possible: {', '.join(self.possible)}"

    @property
    def decisive(self) -> str:
        """The smallest sets of missing inputs that could have decided: "age_days, or cns"."""
        return ", or ".join(" and ".join(names) for names in self.would_decide)
