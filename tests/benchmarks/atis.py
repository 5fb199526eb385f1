"""Slot filling on ATIS: F1 on the test sentences in percent by seqeval, the mean of three seeds.

The reference is the usual tag of each word. Each training runs on one thread; the target holds
only if none takes longer than ``MOST_SECONDS``. Settings were chosen by the F1 on a tenth of the
training sentences; the runs here learn from nearly all of them. ``python -m tests.benchmarks.atis``
measures everything and writes assets/results/atis.json for the page on tagging. The sentences
are not part of the project: without them there is nothing to measure.

Reported elsewhere: Mesnil et al. 2015, Elman with a window of 9 words 94.98 (a reader who ran the
published tutorial got 94.06), Elman and Jordan combined 95.06; Peng and Yao 2015, RNN-EM 95.25;
Kurata et al. 2016, encoder-labeler LSTM 95.66.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import torch
from seqeval.metrics import f1_score
from torch import nn

from core.applications import new_network
from core.applications.tagging import Slots
from core.files import write_whole
from core.networks.architecture import Architecture
from core.tasks.conll import read_conll
from core.training.loop import train
from core.training.settings import TrainingSettings
from tests.benchmarks.result import Result

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
RESULTS = Path(__file__).resolve().parents[2] / "assets" / "results" / "atis.json"
SEEDS = (1, 2, 3)
MOST_SECONDS = 600.0
HELD_BACK = 0.01  # of the training sentences, for a look at the loss; the rest is learned from


@dataclass(frozen=True)
class Plan:
    """One network, how it is trained, and the F1 that it has to reach."""

    architecture: Architecture
    epochs: int
    batch: int
    rate: float
    target: float


def _network(cell: str, units: int, window: int, dropout: float, **options) -> Architecture:
    return Architecture(cell, units, embedding_size=100, window=window, dropout=dropout, **options)


PLANS = {
    "elman": Plan(_network("elman", 128, 3, 0.5), 25, 32, 2e-3, 94.1),
    "jordan": Plan(_network("jordan", 200, 4, 0.6), 14, 32, 3e-3, 94.1),
    "lstm": Plan(_network("lstm", 100, 2, 0.5), 25, 32, 2e-3, 94.6),
    "gru": Plan(_network("gru", 100, 2, 0.5), 25, 32, 2e-3, 94.6),
    "bilstm": Plan(_network("lstm", 100, 1, 0.5, bidirectional=True), 20, 32, 3e-3, 95.1),
}


def sentences() -> Slots | None:
    """ATIS as an application; None where it is not beside the project."""
    files = DATA / "atis.train.conll", DATA / "atis.test.conll"
    if not all(file.is_file() for file in files):
        print(f"{DATA.name} holds no atis.*.conll, so F1 on ATIS is left out.", file=sys.stderr)
        return None
    learned, test = map(read_conll, files)
    return Slots(sentences=learned, test=test, validation=HELD_BACK)


def one_run(plan: Plan, application: Slots, seed: int) -> tuple[float, float]:
    """F1 on the test sentences, and the seconds that the training took."""
    steps = plan.epochs * -(-len(application.sentences.train) // plan.batch)
    settings = TrainingSettings(
        steps=steps,
        batch=plan.batch,
        learning_rate=plan.rate,
        final_share=0.02,
        seed=seed,
        every=500,
        validate=steps,
    )
    started = time.perf_counter()
    model = new_network(application, plan.architecture, seed)
    for _ in train(model, application, settings):
        pass
    return test_f1(model, application), time.perf_counter() - started


def test_f1(model: nn.Module, application: Slots) -> float:
    """The standard score, sentence by sentence and without our own scorer."""
    model.eval()
    right, found = [], []
    with torch.no_grad():
        for sentence in application.sentences.test:
            ids = torch.tensor(application.lexicon.encode(sentence.tokens)).unsqueeze(1)
            best = model(ids)[0][:, 0].argmax(-1).tolist()
            right.append(list(sentence.tags))
            found.append([application.tags[place] for place in best])
    return float(f1_score(right, found))


def measured(name: str, application: Slots) -> dict:
    """All seeds of one network, as plain values."""
    plan, threads = PLANS[name], torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        runs = [one_run(plan, application, seed) for seed in SEEDS]
    finally:
        torch.set_num_threads(threads)
    return {
        "name": name,
        "f1": [round(score, 5) for score, _ in runs],
        "seconds": [round(seconds, 1) for _, seconds in runs],
        "seeds": list(SEEDS),
        "plan": asdict(plan),
    }


def result(found: dict, baseline: float) -> Result:
    """One line of the benchmarks, in percent."""
    ours = 100 * sum(found["f1"]) / len(found["f1"])
    target = PLANS[found["name"]].target
    in_time = max(found["seconds"]) <= MOST_SECONDS
    reference = 100 * baseline
    return Result(
        f"atis-{found['name']}", ours, reference, ours / reference, target,
        ours >= target and in_time,
    )  # fmt: skip


def _of(name: str) -> list[Result]:
    application = sentences()
    if application is None:
        return []
    return [result(measured(name, application), application.baseline.score)]


BENCHMARKS = {(f"atis-{name}",): partial(_of, name) for name in PLANS}


def main(names: list[str]) -> None:
    """Measure these networks, or all, and write them into the file of results."""
    application = sentences()
    if application is None:
        sys.exit(1)
    before = json.loads(RESULTS.read_text("utf-8"))["models"] if RESULTS.is_file() else []
    kept = {entry["name"]: entry for entry in before}
    for name in names or PLANS:
        kept[name] = measured(name, application)
        print(name, kept[name]["f1"], kept[name]["seconds"], flush=True)
        models = [kept[known] for known in PLANS if known in kept]
        text = json.dumps({"baseline": application.baseline.score, "models": models}, indent=1)
        write_whole(RESULTS, f"{text}\n".encode())


if __name__ == "__main__":
    main(sys.argv[1:])
