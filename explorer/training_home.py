"""Take a training home: its vectors as files, the Python that makes them, or into the space."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict

import streamlit as st

from explorer.file_button import file_button
from explorer.language import Texts, plain
from explorer.space.sources import Source, keep_source
from explorer.training_corpora import GRAMMAR_WORDS
from explorer.training_settings import Chosen
from explorer.trainings import Finished, Training
from explorer.vector_files import file_of, projector_vectors, projector_words

SCRIPT = '''"""{title}"""

from core.embeddings import train_word2vec
{load}

# One thread: the same settings give the same vectors, bit for bit.
*_, last = train_word2vec(
    sentences,
{settings}
    threads=1,
)
print(last.vectors.nearest(last.vectors.words[0], 10))
last.vectors.save("vectors.txt")
'''
GENERATED = """from core.embeddings.grammar import generate_corpus

sentences = list(generate_corpus({corpus!r}, {words:_}))"""
OWN = """from pathlib import Path

from core.embeddings import split_sentences, {tokenize}

text = Path("corpus.txt").read_text(encoding="utf-8")  # the text that the page was given
sentences = [{tokenize}(sentence) for sentence in split_sentences(text)]"""


def offer_home(choice: Chosen, finished: Finished, texts: Texts) -> None:
    """The menu in the sidebar, and the way into the embedding space."""
    words, vectors = finished.vectors.words, finished.vectors.vectors
    columns = {"word": list(words), "count": [str(count) for count in finished.counts]}
    kinds: dict[str, tuple[str, Callable[[], bytes]]] = {
        "word2vec": ("vectors.txt", lambda: file_of(words, vectors, ".txt")),
        "safetensors": ("vectors.safetensors", lambda: file_of(words, vectors, ".safetensors")),
        "projector_vectors": ("vectors.tsv", lambda: projector_vectors(vectors)),
        "projector_words": ("metadata.tsv", lambda: projector_words(columns)),
        "code": ("training.py", lambda: script(choice, texts).encode()),
    }
    with st.sidebar:
        with st.popover(texts("training.home"), width="stretch"):
            st.caption(texts("training.home_help", words=f"{len(words):,}"))
            for kind, (name, make) in kinds.items():
                file_button(texts(f"space.export_{kind}"), name, make, key=f"home-{kind}")
        if st.button(texts("training.to_space"), icon=":material/scatter_plot:", width="stretch"):
            _open_in_space(choice.training, finished, texts)


def source_of_training(training: Training, finished: Finished, name: str) -> Source:
    """The vectors of a training as the embedding space takes them."""
    return Source(
        f"training-{training.key}", name, finished.vectors, finished.outputs, finished.counts
    )


def script(choice: Chosen, texts: Texts) -> str:
    """Python that trains the same again, with every setting written out."""
    settings = asdict(choice.training)
    corpus = settings.pop("corpus")
    if choice.own is None:
        load = GENERATED.format(corpus=corpus, words=GRAMMAR_WORDS)
    else:
        tokenize = "tokenize_chinese" if choice.own.chinese else "tokenize_english"
        load = OWN.format(tokenize=tokenize)
    return SCRIPT.format(
        title=texts("export.title", page=texts("nav.training")).replace('"', "'"),
        load=load,
        settings="\n".join(f"    {name}={value!r}," for name, value in settings.items()),
    )


def _open_in_space(training: Training, finished: Finished, texts: Texts) -> None:
    name = texts("training.named", model=training.model, size=training.size)
    source = source_of_training(training, finished, name)
    try:
        keep_source(source)
    except ValueError as error:  # no room for it
        st.error(plain(str(error)))
        return
    st.session_state["next_vectors"] = source.id
    st.switch_page(st.session_state["menu"]["words"]["space"])
