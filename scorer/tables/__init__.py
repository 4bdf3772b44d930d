"""Tables in and out: CSV, TSV, JSON Lines, Parquet, plain text files and folders of them, in chunks of rows."""

from scorer.tables.chunks import TableChunk, check_clash, read_chunks
from scorer.tables.output import TableWriter, open_writer
from scorer.tables.rejects import RejectWriter, open_rejects
from scorer.tables.rows import RejectedRow

__all__ = [
    "RejectWriter",
    "RejectedRow",
    "TableChunk",
    "TableWriter",
    "check_clash",
    "open_rejects",
    "open_writer",
    "read_chunks",
]
