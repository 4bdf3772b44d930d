"""An interrupted run goes on, and gives what an undisturbed one gives; what cannot go on says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.slow
def test_killed_runs_go_on_and_give_the_same_bytes(bundle):
    command = [sys.executable, "benchmarks/kill_resume.py", "--times", "8", "--rows", "200", "--model", str(bundle)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout.startswith("8 of 8 identical; "), done.stdout + done.stderr
