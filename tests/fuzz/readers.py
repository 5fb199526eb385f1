"""Everything that reads somebody's file, each with sound files of its own form."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

SHELF = Path(__file__).resolve().parents[2] / "assets" / "models"
WORDS = ["the", "naïve", "中文", "king", "new york", "7", "don't", "国王", "w1", "ś"]


@dataclass(frozen=True)
class Reader:
    """read: takes a path, may raise ValueError. seeds: sound contents. name: of the file."""

    read: Callable[[Path], Any]
    seeds: Callable[[], list[bytes]]
    name: str


def text_seeds() -> list[bytes]:
    """A small text in every encoding, and packed by nothing."""
    text = "The cats see the dog.\nShe said: 'no'!\n今天天气很好，我们去看大海。\n" * 40
    return [text.encode(codec) for codec in ("utf-8", "utf-8-sig", "utf-16", "gb18030")]


def tag_seeds() -> list[bytes]:
    """Tag files in several schemes, with comments, and CoNLL-U."""
    rows = "# id 1\nI\tO\nfly\tO\nto\tO\nNew\tB-to\nYork\tI-to\n\n#Rome\tS-from\n.\tO\n\n"
    universal = "# text = x\n1\tcats\tcat\tNOUN\t_\t_\t0\troot\t_\t_\n\n"
    return [
        rows.encode(),
        rows.replace("\t", " ").replace("B-", "I-").encode("gb18030"),
        b"a\tM-x\nb\tB-x\nc\tE-x\n\n",
        b"a\tPERSON\nb\tO\n",
        universal.encode(),
        universal.encode("utf-16"),
    ]


def table_seeds() -> list[bytes]:
    """CSV files as people write them."""
    lines = "".join(f"{at};{at},5;x\n" for at in range(60))
    months = "".join(f'"m{at}",{at % 12}\n' for at in range(60))
    return [
        f"day;value;note\n{lines}".encode(),
        f"month,sold\n{months}\nInternational airline passengers\n".encode(),
        f"月份,销量\n{months}".encode("gb18030"),
        f"day\tvalue\tnote\n{lines}".replace(";", "\t").encode("utf-16"),
    ]


def score_seeds() -> list[bytes]:
    """Word pairs and analogy questions."""
    return [b"# pairs\nking\tqueen\t8.5\ncat,dog,3\n", b": family\nking queen man woman\n" * 9]


@cache
def vector_seeds() -> list[bytes]:
    """The same vectors in every form."""
    from core.embeddings.formats.arrays import pack_words

    table = np.random.default_rng(0).normal(size=(len(WORDS), 4)).astype(np.float32)
    single = [word for word in WORDS if " " not in word]
    lines = [f"{word} {' '.join(map(repr, row.tolist()))}" for word, row in zip(WORDS, table)]
    glove = ("\n".join(lines) + "\n").encode()
    header = f"{len(WORDS)} 4\n".encode()
    binary = f"{len(single)} 4\n".encode() + b"".join(
        word.encode() + b" " + row.tobytes() + b"\n" for word, row in zip(single, table)
    )
    tabs = "word\tx\ty\n" + "".join(
        f"{word}\t{row[0]}\t{row[1]}\n" for word, row in zip(WORDS, table)
    )
    array = io.BytesIO()
    np.save(array, table)
    from safetensors.numpy import save

    forms = [glove, header + glove, binary, tabs.encode(), array.getvalue()]
    forms.append(save({"vectors": table, **pack_words(WORDS)}))
    forms.append(glove.decode().encode("gb18030"))
    return [*forms, *(gzip.compress(form) for form in forms[:5])]


def list_seeds() -> list[bytes]:
    """Word lists and metadata."""
    table = "word\tkind\tyear\n" + "".join(f"{word}\tk\t{at}\n" for at, word in enumerate(WORDS))
    plain = "\n".join(WORDS) + "\n"
    return [table.encode(), plain.encode(), gzip.compress(table.encode()), plain.encode("utf-16")]


@cache
def recording_seeds() -> list[bytes]:
    """Recordings that are shipped."""
    return [
        (SHELF / f"namaskar-{kind}.recording.safetensors").read_bytes()
        for kind in ("gru", "jordan")
    ]


@cache
def model_seeds() -> list[bytes]:
    """Networks that are shipped: a text model and two with a purpose of their own."""
    names = ("namaskar-lstm", "sunspots-elman", "digit-rows-elman")
    return [(SHELF / f"{name}.safetensors").read_bytes() for name in names]


def read_vectors(path: Path) -> None:
    """Look at vectors, then open them, all and in part."""
    from core.embeddings.formats import describe_vectors, open_vectors
    from core.embeddings.projections import fit_basis

    path.with_suffix(".words").write_text("\n".join(WORDS), encoding="utf-8")  # for the arrays
    describe_vectors(path)
    opened = open_vectors(path, cache=False)
    sound = np.isfinite(opened.vectors.vectors).all(axis=1)
    if sound.sum() > 2 and opened.vectors.size > 1:
        fit_basis(opened.vectors.vectors[sound], 2)
    open_vectors(path, 3, cache=False)


def read_beside(path: Path) -> None:
    """A word list beside an array, and metadata beside words."""
    from core.embeddings.formats import open_vectors

    array, words = path.with_name("a.npy"), path.with_name("w.txt")
    np.save(array, np.eye(len(WORDS), 3))
    words.write_text("".join(f"{word} 1 2\n" for word in WORDS), encoding="utf-8")
    open_vectors(words, words=path, cache=False)
    open_vectors(array, words=path, cache=False)


def read_corpus(path: Path) -> None:
    """A corpus from its path, and the same text given in the browser."""
    from core.embeddings import encode_corpus
    from core.encodings import decode_text
    from explorer.training_corpora import own_corpus

    encode_corpus(path, min_count=1)
    own_corpus(decode_text(path.read_bytes()).text)


def read_characters(path: Path) -> None:
    """A text to predict by characters."""
    from core.tasks.text import TextTask

    TextTask.read(path)


def read_words(path: Path) -> None:
    """A text to predict by words."""
    from core.encodings import decode_text
    from core.tasks.words import guess_language, words_task

    text = decode_text(path.read_bytes()).text
    words_task(text, guess_language(text))


def read_tags(path: Path) -> None:
    """A tag file and what is counted in it."""
    from core.applications.tagging import file_statistics
    from core.tasks.conll import read_conll

    file_statistics(read_conll(path))


def read_series(path: Path) -> None:
    """A table, and its last column of numbers as a series."""
    from core.tasks.series_csv import read_table, series_from

    table = read_table(path.read_bytes())
    for name in table.number_columns[-2:]:
        series_from(table, name, table.header[0]).period  # noqa: B018 (it is computed)


def read_scores(path: Path) -> None:
    """Pairs or questions, as the page tells them apart."""
    from explorer.space.scores import read_score_file

    read_score_file(path.name, path.read_bytes())


def read_recording(path: Path) -> None:
    """A recording, and what the pages say and draw of it."""
    from core import Trace
    from explorer import pictures
    from explorer.language import texts_of

    trace = Trace.load(path)
    pictures.states_stage(trace, texts_of("en"), {})
    pictures.cell_stage(trace, texts_of("zh"), {})
    trace.not_finite  # noqa: B018


def read_model(path: Path) -> None:
    """A network of either kind, which then reads its example."""
    from core.applications import load_applied
    from core.networks.model_file import load_model

    try:
        load_model(path)
    except ValueError:
        applied = load_applied(path)
        if applied.architecture.recurrent and applied.application.examples:
            applied.read(applied.application.examples[0])


READERS = {
    "vectors": Reader(read_vectors, vector_seeds, "v.txt"),
    "vectors.bin": Reader(read_vectors, vector_seeds, "v.bin"),
    "list": Reader(read_beside, list_seeds, "m.tsv"),
    "corpus": Reader(read_corpus, text_seeds, "c.txt"),
    "characters": Reader(read_characters, text_seeds, "t.txt"),
    "words": Reader(read_words, text_seeds, "t.txt"),
    "tags": Reader(read_tags, tag_seeds, "t.conll"),
    "series": Reader(read_series, table_seeds, "s.csv"),
    "scores": Reader(read_scores, score_seeds, "q.txt"),
    "recording": Reader(read_recording, recording_seeds, "r.safetensors"),
    "model": Reader(read_model, model_seeds, "m.safetensors"),
}


def settings_of(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Header and body of a safetensors file."""
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length]), data[8 + length :]
