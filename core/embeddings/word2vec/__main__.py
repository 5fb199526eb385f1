"""Train word vectors from the command line: ``python -m core.embeddings.word2vec --help``.

Under ``torchrun --nproc_per_node N -m core.embeddings.word2vec ...`` N processes train together.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from tqdm import tqdm

from core.embeddings.advice import suggest_settings
from core.embeddings.corpus import encode_corpus
from core.embeddings.word2vec.settings import Model, Objective
from core.embeddings.word2vec.snapshot import TrainingProgress
from core.embeddings.word2vec.training import train_word2vec
from core.embeddings.word2vec.worker import TrainingDivergedError

STOPPED = 130


def main(arguments: list[str] | None = None) -> int:
    """Train once; 0 when it finished, 130 when it was stopped, 1 for an error."""
    chosen = _parser().parse_args(arguments)
    place = chosen.checkpoint or chosen.out.with_name(chosen.out.name + ".training.safetensors")
    try:
        with _process_group() as rank:
            return _run(chosen, place, rank)
    except KeyboardInterrupt:
        if place.exists():
            print(f"Stopped; {place} was kept. The same command goes on.")
        return STOPPED
    except (ValueError, OSError, TrainingDivergedError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _run(chosen: argparse.Namespace, place: Path, rank: int) -> int:
    corpus = encode_corpus(chosen.corpus, min_count=chosen.min_count, on_disk=True)
    suggested = suggest_settings(len(corpus.tokens), len(corpus.vocabulary))
    epochs = suggested.epochs if chosen.epochs is None else chosen.epochs
    subsample = suggested.subsample if chosen.subsample is None else chosen.subsample
    if not rank:
        print(
            f"{corpus.words_read:,} words, {len(corpus.vocabulary):,} kinds that occur at least "
            f"{chosen.min_count} times; {epochs} epochs, subsampling above {subsample:g}."
        )
    with tqdm(unit=" words", unit_scale=True, disable=bool(rank)) as bar:

        def show(progress: TrainingProgress) -> None:
            bar.total = progress.words_total
            if progress.stage == "compiling":
                bar.set_description("compiling")
                return
            bar.set_description(f"loss {progress.loss:.3f}")
            bar.update(progress.words_seen - bar.n)

        *_, last = train_word2vec(
            corpus,
            model=chosen.model,
            objective=chosen.objective,
            size=chosen.size,
            window=chosen.window,
            negatives=chosen.negatives,
            subsample=subsample,
            epochs=epochs,
            learning_rate=chosen.learning_rate,
            seed=chosen.seed,
            device=chosen.device,
            threads=chosen.threads,
            progress=show,
            checkpoint=place,
        )
        bar.update(last.words_seen - bar.n)
    if not rank:
        last.vectors.save(chosen.out)
        place.unlink(missing_ok=True)
        print(
            f"{chosen.out}: {len(last.vectors.words):,} vectors, mean loss {last.loss:.3f}, "
            f"{last.words_per_second:,.0f} words a second."
        )
    return 0


@contextmanager
def _process_group() -> Iterator[int]:
    """This process's rank among those that ``torchrun`` started; 0 if it is alone."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        yield 0
        return
    import torch.distributed as distributed

    distributed.init_process_group("gloo")
    try:
        yield distributed.get_rank()
    finally:
        distributed.destroy_process_group()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core.embeddings.word2vec",
        description="Train word vectors on a text file with one sentence a line.",
    )
    parser.add_argument("corpus", type=Path, help="text file, gzipped or not")
    parser.add_argument("--out", type=Path, required=True, help="vectors file to write")
    parser.add_argument("--model", choices=get_args(Model), default="skip-gram")
    parser.add_argument("--objective", choices=get_args(Objective), default="negative-sampling")
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--window", type=int, default=5)
    parser.add_argument("--negatives", type=int, default=5)
    parser.add_argument("--min-count", type=int, default=5)
    parser.add_argument("--epochs", type=int, help="default: from the length of the corpus")
    parser.add_argument("--subsample", type=float, help="default: from its number of words")
    parser.add_argument("--learning-rate", type=float, help="default: 0.05, CBOW 0.15")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, help="default: every core, up to 8")
    parser.add_argument("--checkpoint", type=Path, help="default: beside --out")
    return parser


if __name__ == "__main__":
    sys.exit(main())
