"""The parts of ``benchmarks/strength.py``, one subject a file."""
