"""What the benchmarks write, not what they measure."""

import json
import subprocess
import sys

import pytest

from tests.benchmarks.result import Result
from tests.benchmarks.table import BEGIN, END, filled

README = f"# Title\n\n{BEGIN}\n{END}\n\nafter\n"


def test_the_table_is_filled_and_what_was_not_measured_again_stays():
    first = filled(
        README,
        [
            Result("b", 1.0, 2.0, 0.5, 0.6, True),
            Result("c", 1, 1, 1, 2, True),
            Result("d", 1, 1, 1, None, True),
        ],
    )
    again = filled(first, [Result("b", 3.0, 2.0, 1.5, 0.6, False), Result("a", 1, 4, 4, 5, False)])
    rows = [line for line in again.splitlines() if line.startswith("| `")]
    assert rows == [
        "| `a` | 1 | 4 | 4.00 | 5 | missed |",
        "| `b` | 3 | 2 | 1.50 | 0.6 | missed |",
        "| `c` | 1 | 1 | 1.00 | 2 | reached |",
    ]
    assert again.startswith("# Title")
    assert again.endswith("after\n")


def test_a_readme_without_a_table_is_refused():
    with pytest.raises(ValueError, match="no table of results"):
        filled("# Title", [])


@pytest.mark.slow
def test_only_what_is_named_is_run_and_an_unknown_name_is_refused():
    def run(*arguments):
        command = [sys.executable, "-m", "tests.benchmarks", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = run("record-rnn-60x1x64", "--json")
    (line,) = json.loads(done.stdout)
    assert set(line) == {"name", "ours", "reference", "ratio", "target", "ok"}
    assert line["name"] == "record-rnn-60x1x64"
    refused = run("nonsense")
    assert refused.returncode != 0
    assert "No benchmark is called nonsense" in refused.stderr
