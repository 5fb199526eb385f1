"""word2vec against gensim: speed at equal quality, memory, and two processes against one.

Quality is the correlation with people's judgements of similarity and the share of analogies that
are right, on a real text (where ``../shared/data`` has one) and on the project's own synthetic
one, each with its own questions. Both sides train at the better of two rates, judged by the
product of both measures, and are then averaged over three seeds. What a line of quality compares
is the worse of the two measures, each as a share of gensim's, averaged over the texts; 0.98 counts
as equal. A speed reaches its target only where the quality with as many threads is equal too;
it is in words a second by the clock, two threads or workers on either side, on the first text.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import median

import numpy as np
from gensim.models import Word2Vec

from core.embeddings import (
    EncodedCorpus,
    WordVectors,
    encode_corpus,
    load_vectors,
    read_sentences,
    train_word2vec,
)
from core.embeddings.evaluation import all_sections, score_analogies, score_similarity
from core.embeddings.evaluation_files import read_analogy_file, read_similarity_file
from core.embeddings.grammar import analogies, generate_corpus, similar_pairs
from core.embeddings.replay import analogy_share, likeness_rank
from tests.benchmarks.result import Result

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
SEEDS, EPOCHS, SIZE, THREADS = (1, 2, 3), 5, 100, (1, 2, 4, 8)
EQUAL = 0.98
SYNTHETIC_WORDS = 500_000


@dataclass(frozen=True)
class Kind:
    """One model and objective on both sides, the rates of their sweeps, and the speed promised.

    gensim adds the whole gradient of a CBOW window to each of its words; the loss says to divide
    it among them, some six. So our rates for it are larger.
    """

    ours: dict[str, str]
    gensim: dict[str, int]
    our_rates: tuple[float, ...]
    their_rates: tuple[float, ...]
    target: float


TREE = {"objective": "hierarchical-softmax"}
KINDS = {
    "skipgram": Kind({}, {"sg": 1, "negative": 5}, (0.05, 0.075), (0.025, 0.05), 2.0),
    "cbow": Kind({"model": "cbow"}, {"negative": 5}, (0.1, 0.15), (0.05, 0.075), 1.2),
    "hierarchical": Kind(TREE, {"sg": 1, "negative": 0, "hs": 1}, (0.025, 0.05), (0.025, 0.05), 1),
}


@dataclass(frozen=True)
class Text:
    """Sentences, and how good vectors of their words are: similarity and analogies."""

    sentences: Sequence[Sequence[str]]
    corpus: EncodedCorpus
    quality: Callable[[WordVectors], tuple[float, float]]


@dataclass(frozen=True)
class Run:
    """One training: its two scores and its words a second."""

    scores: tuple[float, float]
    speed: float


@cache
def texts() -> tuple[Text, ...]:
    """The shared English text, where it is there, and the synthetic one."""
    synthetic = list(generate_corpus("en", SYNTHETIC_WORDS))
    questions = [question for part in analogies("en").values() for question in part][::3]
    pairs = similar_pairs("en")
    made = Text(
        synthetic,
        encode_corpus(synthetic),
        lambda vectors: (likeness_rank(vectors, pairs), analogy_share(vectors, questions)),
    )
    names = ("english.txt", "wordsim353.tsv", "questions-words.txt")
    if not all((DATA / name).is_file() for name in names):
        return (made,)
    people = read_similarity_file(DATA / names[1])
    google = read_analogy_file(DATA / names[2])
    real = list(read_sentences(DATA / names[0]))

    def quality(vectors: WordVectors) -> tuple[float, float]:
        right = all_sections(score_analogies(vectors, google)).accuracy
        return score_similarity(vectors, people).spearman, right

    return Text(real, encode_corpus(real), quality), made


def ours(kind: Kind, text: Text, rate: float, seed: int, threads: int) -> Run:
    """One training of ours."""
    started = time.perf_counter()
    *_, last = train_word2vec(
        text.corpus, size=SIZE, epochs=EPOCHS, learning_rate=rate, seed=seed, threads=threads,
        **kind.ours,
    )  # fmt: skip
    seconds = time.perf_counter() - started
    return Run(text.quality(last.vectors), EPOCHS * text.corpus.words_read / seconds)


def theirs(kind: Kind, text: Text, rate: float, seed: int, threads: int) -> Run:
    """One training of gensim's; its vocabulary is built before the clock starts, as ours is."""
    model = Word2Vec(
        vector_size=SIZE, window=5, min_count=5, workers=threads, alpha=rate, seed=seed,
        **kind.gensim,
    )  # fmt: skip
    model.build_vocab(text.sentences)
    started = time.perf_counter()
    model.train(text.sentences, total_examples=model.corpus_count, epochs=EPOCHS)
    seconds = time.perf_counter() - started
    vectors = WordVectors(model.wv.index_to_key, model.wv.vectors)
    return Run(text.quality(vectors), EPOCHS * text.corpus.words_read / seconds)


def race(name: str) -> list[Result]:
    """A line of speed, and one of quality for each number of threads."""
    kind = KINDS[name]
    reference, best, mine = [], [], {}
    for text in texts():
        rate, runs = _at_best_rate(theirs, kind, text, kind.their_rates)
        reference.append(runs)
        our_rate, mine[2, len(best)] = _at_best_rate(ours, kind, text, kind.our_rates)
        best.append(our_rate)
        print(f"word2vec-{name}: rates {our_rate:g} and {rate:g} (gensim)", flush=True)
    quality = {}
    for threads in THREADS:
        for number, text in enumerate(texts()):
            if (threads, number) not in mine:
                mine[threads, number] = [
                    ours(kind, text, best[number], seed, threads) for seed in SEEDS
                ]
        quality[threads] = _compare(
            f"word2vec-{name}-quality-{threads}",
            [mine[threads, number] for number in range(len(texts()))],
            reference,
        )
    speeds = [[run.speed for run in side] for side in (mine[2, 0], reference[0])]
    ratio = median(speeds[0]) / median(speeds[1])
    good = quality[2].ok
    if not good:
        print(f"word2vec-{name}: the quality is not equal, so the speed does not count")
    speed = Result(
        f"word2vec-{name}", median(speeds[0]), median(speeds[1]), ratio, kind.target,
        good and ratio >= kind.target,
    )  # fmt: skip
    return [speed, *quality.values()]


def memory() -> list[Result]:
    """Megabytes at the peak of a process that streams a file once, imports included; and those
    of ours with a file four times as long, of which the same words are kept.

    Read from /proc: ``ru_maxrss`` of a child begins with what its parent held.
    """
    with tempfile.TemporaryDirectory() as folder:
        once, often = Path(folder) / "once.txt", Path(folder) / "often.txt"
        lines = "\n".join(map(" ".join, texts()[0].sentences)) + "\n"
        once.write_text(lines, encoding="utf-8")
        with often.open("w", encoding="utf-8") as file:
            file.writelines([lines] * 4)
        del lines
        mine, oracle, long = _peak(OURS, once), _peak(GENSIM, once), _peak(OURS, often, 20)
    return [
        Result("word2vec-memory-mb", mine, oracle, mine / oracle, 2, mine <= 2 * oracle),
        Result("word2vec-memory-4-times", long, mine, long / mine, 1.1, long <= 1.1 * mine),
    ]


def together() -> list[Result]:
    """Two processes under torchrun against one, a thread each: words a second, and quality."""
    text = texts()[0]
    runs: dict[int, list[Run]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        path.write_text("\n".join(map(" ".join, text.sentences)), encoding="utf-8")
        for seed in SEEDS:
            for processes in runs:
                runs[processes].append(_command(text, path, seed, processes))
    speeds = {processes: median(run.speed for run in side) for processes, side in runs.items()}
    ratio = speeds[2] / speeds[1]
    quality = _compare("word2vec-torchrun-quality", [runs[2]], [runs[1]])
    good = quality.ok and ratio >= 1.6
    return [Result("word2vec-torchrun", speeds[2], speeds[1], ratio, 1.6, good), quality]


def _at_best_rate(
    train: Callable[[Kind, Text, float, int, int], Run],
    kind: Kind,
    text: Text,
    rates: Sequence[float],
) -> tuple[float, list[Run]]:
    """The rate that is best for the first seed, and the runs of all seeds with it."""
    first = {rate: train(kind, text, rate, SEEDS[0], 2) for rate in rates}
    best = max(first, key=lambda rate: first[rate].scores[0] * first[rate].scores[1])
    return best, [first[best], *(train(kind, text, best, seed, 2) for seed in SEEDS[1:])]


def _compare(
    name: str, mine: Sequence[Sequence[Run]], reference: Sequence[Sequence[Run]]
) -> Result:
    """The worse measure, as a share of the reference's, averaged over the texts."""
    own, their = (
        np.array([np.mean([run.scores for run in runs], axis=0) for runs in side])
        for side in (mine, reference)
    )
    shares = (own / their).mean(axis=0)
    for measure, numbers in zip(("similarity", "analogies"), (own / their).T):
        print(f"{name}: {measure} by text, as a share: {numbers.round(3).tolist()}", flush=True)
    worse = int(shares.argmin())
    ratio = float(shares[worse])
    values = (float(side[:, worse].mean()) for side in (own, their))
    return Result(name, *values, ratio, EQUAL, ratio >= EQUAL)


OURS = """
from core.embeddings import train_word2vec
list(train_word2vec({path!r}, epochs=1, threads=2, min_count={min_count}))
"""
GENSIM = """
from gensim.models.word2vec import LineSentence, Word2Vec
Word2Vec(LineSentence({path!r}), sg=1, epochs=1, workers=2, min_count={min_count})
"""
PEAK = """
from pathlib import Path
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
"""


def _peak(code: str, path: Path, min_count: int = 5) -> float:
    whole = code.format(path=str(path), min_count=min_count) + PEAK
    done = subprocess.run([sys.executable, "-c", whole], cwd=ROOT, capture_output=True, check=True)
    return float(done.stdout)


def _command(text: Text, path: Path, seed: int, processes: int) -> Run:
    out = path.with_name(f"vectors-{seed}-{processes}.safetensors")
    launcher = ["torch.distributed.run", "--standalone", "--nproc_per_node", "2", "-m"]
    command = [
        sys.executable, "-m", *(launcher if processes == 2 else []), "core.embeddings.word2vec",
        str(path), "--out", str(out), "--threads", "1", "--seed", str(seed), "--size", str(SIZE),
        "--epochs", str(EPOCHS), "--subsample", "0.001",
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    found = re.search(r"([\d,]+) words a second", done.stdout)
    assert found, done.stdout
    vectors = load_vectors(out, cache=False)
    return Run(text.quality(vectors), float(found[1].replace(",", "")))


def _lines(name: str) -> tuple[str, ...]:
    return (f"word2vec-{name}", *(f"word2vec-{name}-quality-{count}" for count in THREADS))


BENCHMARKS = {
    _lines("skipgram"): lambda: race("skipgram"),
    _lines("cbow"): lambda: race("cbow"),
    _lines("hierarchical"): lambda: race("hierarchical"),
    ("word2vec-memory-mb", "word2vec-memory-4-times"): memory,
    ("word2vec-torchrun", "word2vec-torchrun-quality"): together,
}
