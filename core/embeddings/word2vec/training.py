"""word2vec: train, and watch while it trains."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
import torch

from core.embeddings.corpus import Corpus, EncodedCorpus, encode_corpus
from core.embeddings.word2vec.objectives import make_objective
from core.embeddings.word2vec.pieces import Piece, cut_pieces
from core.embeddings.word2vec.settings import Model, Objective, Settings
from core.embeddings.word2vec.updates import Tables
from core.embeddings.word2vec.worker import Shift, Task, Worker
from core.embeddings.word_vectors import WordVectors


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A training at one moment.

    Parameters
    ----------
    step
        Batches trained so far.
    words_seen
        Words of the vocabulary read so far, epochs and subsampled words included.
    words_per_second
        ``words_seen`` over the time spent training; 0 before it began.
    loss
        Mean loss of an example since the snapshot before, negatives included: of a pair
        (neighbour, word) for skip-gram, of a position for CBOW. In nats.
    vectors
        The input vectors: the embedding. A copy, which later training does not change.
    output_vectors
        The vectors of the words as predicted; None for hierarchical softmax, whose output
        vectors belong to the nodes of its tree.
    """

    step: int
    words_seen: int
    words_per_second: float
    loss: float
    vectors: WordVectors
    output_vectors: WordVectors | None


def train_word2vec(
    corpus: Corpus | EncodedCorpus,
    *,
    model: Model = "skip-gram",
    objective: Objective = "negative-sampling",
    size: int = 100,
    window: int = 5,
    negatives: int = 5,
    subsample: float | None = 1e-3,
    negative_exponent: float = 0.75,
    min_count: int = 5,
    epochs: int = 5,
    learning_rate: float | None = None,
    seed: int = 0,
    device: str = "cpu",
    threads: int | None = None,
    snapshot_every: int | None = None,
    shared_negatives: bool = True,
) -> Iterator[Snapshot]:
    """Learn a vector for every word from the words around it.

    With h the vector that predicts (skip-gram: the input vector v of a neighbour; CBOW: the mean
    of the input vectors in the window), u the output vectors, t the word in the middle, and n
    words drawn from P(w), which is count(w)^negative_exponent normalised, an example's loss is

        negative-sampling      -log s(h.u_t) - sum over n of log s(-h.u_n),   s the sigmoid
        nce                    the same with h.u_w - log(negatives * P(w) / f(w)) for h.u_w, where
                               f(w) is the share of w in the corpus: p(w | h) = f(w) exp(h.u_w)
        hierarchical-softmax   -sum over nodes j on the Huffman path of log s(+-h.u_j)
        softmax                log sum over all w of exp(h.u_w) - h.u_t

    Rows of the tables move by stochastic gradient descent in batches of at most 2048 positions,
    with a learning rate that falls linearly to (almost) zero; a word so frequent in a batch that
    its summed step would overshoot is held back (``Descent``).

    Parameters
    ----------
    corpus
        Sentences (sequences of words), the path of a UTF-8 file with one sentence a line, or
        what ``encode_corpus`` made of either.
    window
        The largest distance of two words that see each other; each position draws its own from
        1 to this.
    learning_rate
        Where it begins. None takes 0.05 for skip-gram and 0.15 for CBOW, whose gradient is
        divided among the words of a window.
    negatives
        Words drawn for every example; not used by the two softmax objectives.
    subsample
        Share of the corpus above which a word's occurrences are thinned out; None or 0 for none.
    min_count
        Rarer words are left out; not used if the corpus is already encoded.
    threads
        On the CPU: threads that each train their own part of the corpus on the same tables
        without waiting for each other (Recht et al., *Hogwild!*, 2011). None takes every core,
        up to 8. **With one thread the same seed gives the same vectors bit for bit; with several
        it does not**, because it then matters who writes first.
    snapshot_every
        Words between two snapshots, kept to within about 16,000. The first is then the random
        start. None gives only the finished training, and costs nothing. Looking does not change
        what is learned.
    shared_negatives
        Negatives are shared by 32 neighbouring positions and weighted so that the expected loss
        and gradient are those of independent ones; this is several times faster, and noisier in
        that neighbours are pushed off the same words. False draws them for every example.

    Yields
    ------
    Snapshot
        The last is the finished training.

    Raises
    ------
    ValueError, TypeError
        A setting or the corpus cannot be used; the message says which.
    TrainingDivergedError
        The loss became NaN, infinite or ten times what it was at first.

    Sources: Mikolov et al., *Efficient Estimation of Word Representations in Vector Space* and
    *Distributed Representations of Words and Phrases and their Compositionality*, 2013. Sharing
    negatives within a batch: Ji et al., *Parallelizing Word2Vec in Shared and Distributed
    Memory*, 2016. Dividing CBOW's gradient by the window's words, as its loss demands: Irsoy,
    Benton and Stratos, *Corrected CBOW Performs as well as Skip-gram*, 2021.
    """
    settings = Settings(
        model=model,
        objective=objective,
        size=size,
        window=window,
        negatives=negatives,
        subsample=subsample,
        negative_exponent=negative_exponent,
        min_count=min_count,
        epochs=epochs,
        learning_rate=learning_rate,
        seed=seed,
        device=device,
        threads=threads,
        snapshot_every=snapshot_every,
        shared_negatives=shared_negatives,
    )
    return _train(corpus, settings)


def _train(corpus: Corpus | EncodedCorpus, settings: Settings) -> Iterator[Snapshot]:
    if not isinstance(corpus, EncodedCorpus):
        corpus = encode_corpus(corpus, min_count=settings.min_count)
    task, workers, first_loss = _prepare(corpus, settings)
    if settings.snapshot_every is not None:
        yield _snapshot(task, 0, 0, 0.0, first_loss)
    step, words, seconds = 0, 0, 0.0
    with ThreadPoolExecutor(len(workers)) as pool:
        for pieces in _shifts(cut_pieces(corpus, settings.epochs), settings.snapshot_every):
            started = time.perf_counter()
            shift = Shift(pieces, first_loss)
            _run(shift, workers, pool)
            seconds += time.perf_counter() - started
            step, words = step + shift.tally.steps, words + shift.tally.words
            yield _snapshot(task, step, words, words / seconds, shift.tally.mean_loss())


def _prepare(corpus: EncodedCorpus, settings: Settings) -> tuple[Task, list[Worker], float]:
    """Random input vectors, output vectors of zero, and the workers with their own seeds."""
    vocabulary = corpus.vocabulary
    start, look, *seeds = np.random.SeedSequence(settings.seed).spawn(2 + settings.thread_count())
    shape = (len(vocabulary), settings.size)
    vectors = np.random.default_rng(start).random(shape, dtype=np.float32)
    input_table = torch.from_numpy((vectors - 0.5) / settings.size).to(settings.device)
    nodes = settings.objective == "hierarchical-softmax"
    task = Task(
        corpus=corpus,
        settings=settings,
        tokens=torch.from_numpy(corpus.tokens).to(settings.device),
        keep=torch.tensor(
            vocabulary.keep_probability(settings.subsample),
            dtype=torch.float32,
            device=settings.device,
        ),
        objective=make_objective(settings, vocabulary),
        tables=Tables(input_table, torch.zeros_like(input_table)[: len(vocabulary) - nodes]),
    )
    first_piece = cut_pieces(corpus, 1)[0]
    return task, [Worker(task, seed) for seed in seeds], Worker(task, look).first_loss(first_piece)


def _shifts(pieces: list[Piece], snapshot_every: int | None) -> Iterator[list[Piece]]:
    """Group the pieces by the snapshot they lead to."""
    if snapshot_every is None:
        yield pieces
        return
    shift: list[Piece] = []
    due = snapshot_every
    for piece in pieces:
        shift.append(piece)
        seen = piece.before + piece.stop - piece.start
        if seen >= due:
            yield shift
            shift, due = [], (seen // snapshot_every + 1) * snapshot_every
    if shift:
        yield shift


def _run(shift: Shift, workers: list[Worker], pool: ThreadPoolExecutor) -> None:
    """Let all workers work on a shift; with one worker, here and now."""
    threads = torch.get_num_threads()
    try:
        if len(workers) == 1:
            shift.work(workers[0])
            return
        futures = [pool.submit(shift.work, worker) for worker in workers]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            # Reached early by a failure or an interrupt: let the others finish their piece.
            shift.stopped = True
            wait(futures)
        for future in futures:
            future.result()
    finally:
        torch.set_num_threads(threads)


def _snapshot(task: Task, step: int, words: int, rate: float, loss: float) -> Snapshot:
    names = task.corpus.vocabulary.words
    has_output = len(task.tables.output) == len(names)
    output = task.tables.output.cpu().numpy().copy() if has_output else None
    return Snapshot(
        step=step,
        words_seen=words,
        words_per_second=rate,
        loss=loss,
        vectors=WordVectors(names, task.tables.input.cpu().numpy().copy()),
        output_vectors=None if output is None else WordVectors(names, output),
    )
