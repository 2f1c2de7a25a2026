"""Sets of genes from a local .gmt file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from remission.core.problems import InputError, Problem, StudyProblems, shown
from remission.expression.matrix import repeated
from remission.expression.symbols import spoiled


@dataclass(frozen=True, slots=True, eq=False)
class GeneSets(Mapping[str, tuple[str, ...]]):
    """Named sets of genes.

    Attributes
    ----------
    genes : mapping of name to tuple of str
    descriptions : mapping of name to str
        The second field of the file: often an address. Nothing is fetched from it.
    source : str
        File name.
    notes : tuple of str
    """

    genes: Mapping[str, tuple[str, ...]]
    descriptions: Mapping[str, str]
    source: str = ""
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """Genes of one set."""
        return self.genes[name]

    def __iter__(self) -> Iterator[str]:
        """Names of the sets."""
        return iter(self.genes)

    def __len__(self) -> int:
        """Number of sets."""
        return len(self.genes)


def read_gene_sets(path: str | Path) -> GeneSets:
    r"""Read sets of genes from a .gmt file: per line a name, a description and the genes, tab-separated.

    Nothing is fetched. A gene that a line names twice counts once.

    Raises
    ------
    InputError
        If there is no such file, or it holds no set.
    StudyProblems
        With every line that is no set, names given twice, and symbols that a spreadsheet turned into dates.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> file = Path(mkdtemp()) / "apoptosis.gmt"
    >>> _ = file.write_text("APOPTOSIS\tlocal\tBCL2\tMCL1\tBAX\n")
    >>> read_gene_sets(file)["APOPTOSIS"]
    ('BCL2', 'MCL1', 'BAX')
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"there is no file {file.name}. Check the name and the folder.")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file.name} is no text file; a .gmt file is one.") from error
    problems, notes = [], []
    names: list[str] = []
    genes: dict[str, tuple[str, ...]] = {}
    descriptions: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, description, inside = _set(line)
        if not name or not inside:
            what = "a name but no genes" if name else "no name"
            repair = "Write name, description and genes, separated by tabs."
            problems.append(Problem(file.name, f"line {number} has {what}", repair))
            continue
        if repeated(inside):
            notes.append(f"{name} names {shown(repeated(inside))} more than once; counted once.")
        names.append(name)
        genes[name], descriptions[name] = tuple(dict.fromkeys(inside)), description
    problems += _unfit(names, genes, file.name)
    if problems:
        raise StudyProblems(problems)
    if not genes:
        raise InputError(f"{file.name} holds no set of genes.")
    return GeneSets(MappingProxyType(genes), MappingProxyType(descriptions), file.name, tuple(notes))


def _set(line: str) -> tuple[str, str, list[str]]:
    """Name, description and genes of a line."""
    name, description, *inside = [*(field.strip() for field in line.split("\t")), ""]
    return name, description, [gene for gene in inside if gene]


def _unfit(names: list[str], genes: Mapping[str, tuple[str, ...]], file: str) -> list[Problem]:
    problems = []
    if repeated(names):
        message = f"sets named more than once: {shown(repeated(names))}"
        problems.append(Problem(file, message, "Give each set its own name."))
    changed = spoiled(list(dict.fromkeys(gene for inside in genes.values() for gene in inside)))
    if changed:
        told = [f"{name} (was {was})" if was else name for name, was in changed.items()]
        message = f"genes that a spreadsheet turned into dates or numbers: {shown(told)}"
        problems.append(Problem(file, message, "Get the file again and do not open it in a spreadsheet."))
    return problems
