"""word2vec: train, and watch while it trains."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from os import PathLike
from pathlib import Path

from core.embeddings.corpus import Corpus, EncodedCorpus, encode_corpus
from core.embeddings.word2vec.session import Reporter, Session
from core.embeddings.word2vec.settings import Model, Objective, Settings
from core.embeddings.word2vec.snapshot import Look, Snapshot


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
    progress: Look | None = None,
    checkpoint: str | PathLike[str] | None = None,
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

    On the CPU each position is one step of gradient descent on the rows it touches, by compiled
    loops; the full softmax, and other devices, train with torch in batches of at most 2048
    positions, in which a word so frequent that its summed step would overshoot is held back
    (``Descent``). The learning rate falls linearly to (almost) zero.

    Parameters
    ----------
    corpus
        Sentences (sequences of words; a generator is read once), the path of a UTF-8 text file,
        gzipped or not, with one sentence a line, or what ``encode_corpus`` made of either. What
        is not encoded yet goes to a temporary file, 4 bytes a word, so that memory does not grow
        with its length but only with its distinct words.
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
        Words between two snapshots, kept to within a piece of 10,000 words at most. The first is
        then the random start. None gives only the finished training, and costs nothing. Looking
        does not change what is learned.
    shared_negatives
        The words of one window, which all predict the word in its middle, meet the same drawn
        words. The expected loss and gradient are those of independent ones, the vectors are as
        good, and it is several times faster. False draws them for every pair. It matters only
        for skip-gram on the CPU.
    progress
        Called some five times a second with a ``TrainingProgress``, by the thread that iterates.
        If it returns True the training stops: the snapshot of where it stands is yielded as the
        last; of several processes that train together none can stop alone, and True is ignored.
        If it raises, the training stops and the error comes through.
    checkpoint
        A ``.safetensors`` file that keeps the training: written at every snapshot, every minute,
        and when Ctrl-C or an error stops it; read at the beginning if it is there, to go on. With
        one thread and the same corpus the result is then bit for bit that of a training that
        was never stopped.

    Yields
    ------
    Snapshot
        The last is the finished training.

    Raises
    ------
    ValueError, TypeError
        A setting, the corpus or the checkpoint cannot be used; the message says which.
    TrainingDivergedError
        The loss became NaN, infinite or ten times what it was at first.

    Sources: Mikolov et al., *Efficient Estimation of Word Representations in Vector Space* and
    *Distributed Representations of Words and Phrases and their Compositionality*, 2013. Sharing
    negatives within a window: Ji et al., *Parallelizing Word2Vec in Shared and Distributed
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
    return _train(corpus, settings, progress, None if checkpoint is None else Path(checkpoint))


def _train(
    corpus: Corpus | EncodedCorpus,
    settings: Settings,
    progress: Look | None,
    checkpoint: Path | None,
) -> Iterator[Snapshot]:
    reporter = Reporter(progress)
    if not isinstance(corpus, EncodedCorpus):
        corpus = encode_corpus(
            corpus, min_count=settings.min_count, on_disk=True, progress=reporter.read
        )
    session = Session(corpus, settings, reporter, checkpoint)
    if settings.snapshot_every is not None and session.next_piece == 0:
        yield session.snapshot(session.first_loss)
    with ThreadPoolExecutor(session.engine.threads) as pool:
        while True:
            loss = session.run(pool)
            yield session.snapshot(loss)
            if session.finished or reporter.stopped:
                return
