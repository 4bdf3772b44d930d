"""Formats of an output: which there are, which one a file's name asks for, and how their bytes are packed."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

from scorer.errors import InputError

_KINDS: Final = {"csv": "csv", "tsv": "tsv", "jsonl": "jsonl", "ndjson": "jsonl", "parquet": "parquet"}
_REFUSED: Final = frozenset({"xlsx", "xls", "json", "html"})  # a table of ours under such a name would be a lie
_PACKINGS: Final = ("gz", "zst")
_GZIP_LEVEL: Final = 3  # output a tenth larger than level 6 gives, in less than half of the time
_ZSTD_LEVEL: Final = 3


class TableFormat(NamedTuple):
    """How a table is written.

    Attributes
    ----------
    kind : str
        "csv", "tsv", "jsonl" or "parquet".
    packing : str
        "gz", "zst", or empty for none; Parquet packs by itself.
    """

    kind: str
    packing: str = ""

    @property
    def name(self) -> str:
        """What `parse_format` makes it from."""
        return f"{self.kind}.{self.packing}" if self.packing else self.kind

    @property
    def listed(self) -> bool:
        """Whether a cell can hold a list."""
        return self.kind in ("jsonl", "parquet")


FORMATS: Final = ("csv", "tsv", "jsonl", "parquet", *(f"{k}.{p}" for p in _PACKINGS for k in ("csv", "tsv", "jsonl")))
"""The names of all formats."""


def parse_format(name: str) -> TableFormat:
    """Give the format of a name in `FORMATS`.

    Examples
    --------
    >>> parse_format("tsv.gz")
    TableFormat(kind='tsv', packing='gz')
    """
    if name not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {name!r}")
    kind, _, packing = name.partition(".")
    return TableFormat(kind, packing)


def format_of(path: str | None) -> TableFormat:
    """Give the format that a file's name asks for.

    Parameters
    ----------
    path : str or None
        A path; None or ``-`` is standard output.

    Returns
    -------
    TableFormat
        CSV for standard output, devices, and names without a suffix.

    Raises
    ------
    InputError
        If the suffix is of a format that is not written.

    Examples
    --------
    >>> format_of("scored.jsonl.zst").name, format_of("scored").name
    ('jsonl.zst', 'csv')
    """
    if path in (None, "-"):
        return TableFormat("csv")
    suffixes = [suffix[1:].lower() for suffix in Path(str(path)).suffixes]
    packing = suffixes.pop() if suffixes and suffixes[-1] in _PACKINGS else ""
    suffix = suffixes[-1] if suffixes else ""
    kind = _KINDS.get(suffix, "csv")
    if suffix in _REFUSED or (kind == "parquet" and packing):
        raise InputError(
            f"'.{suffix}{'.' * bool(packing)}{packing}' is not written; name it .csv, .tsv or .jsonl, each also with "
            ".gz or .zst behind it, or .parquet; or give --format"
        )
    return TableFormat(kind, packing)


def packer(packing: str) -> Callable[[bytes], bytes]:
    """Give the function that packs a piece of a file; the packed pieces, one behind the other, are a packed file.

    The same bytes in give the same bytes out: no time and no name are noted.

    Parameters
    ----------
    packing : str
        "gz", "zst" or empty.

    Raises
    ------
    InputError
        If the library that packs is not installed.
    """
    if packing == "gz":
        return lambda content: gzip.compress(content, _GZIP_LEVEL, mtime=0)
    if packing == "zst":
        try:
            from zstandard import ZstdCompressor
        except ImportError as error:
            raise InputError("writing .zst needs zstandard; run: pip install 'scorer[zstd]'") from error
        pack: Callable[[bytes], bytes] = ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True).compress
        return pack
    return lambda content: content


def check_installed(format: TableFormat) -> None:
    """Raise an `InputError` with the remedy if a library that the format needs is not installed."""
    packer(format.packing)
    if format.kind == "parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError as error:
            raise InputError("writing Parquet needs pyarrow; run: pip install 'scorer[parquet]'") from error
