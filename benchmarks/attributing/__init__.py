"""The parts of ``benchmarks/attribution.py``, one subject a file."""
