"""Tables in and out: CSV, TSV, JSON Lines, Parquet, plain text files and folders of them, in chunks of rows."""

from scorer.tables.chunks import TableChunk, check_clash, read_chunks
from scorer.tables.encode import Layout, RowEncoder
from scorer.tables.formats import FORMATS, TableFormat, format_of, parse_format
from scorer.tables.output import TableWriter, open_writer
from scorer.tables.rejects import RejectFile, Rejects, RejectWriter, open_rejects
from scorer.tables.rows import RejectedRow

__all__ = [
    "FORMATS",
    "Layout",
    "RejectFile",
    "RejectWriter",
    "RejectedRow",
    "Rejects",
    "RowEncoder",
    "TableChunk",
    "TableFormat",
    "TableWriter",
    "check_clash",
    "format_of",
    "open_rejects",
    "open_writer",
    "parse_format",
    "read_chunks",
]
