"""What is read at most: one place, so that a page can say it before anything is begun.

Above a limit a file is refused in words; nothing is cut off in silence.
"""

from __future__ import annotations

MB = 10**6

TEXT_FILE_BYTES = 200 * 2**20
"""A text to learn from, given by its path."""

OWN_TEXT_BYTES = 20 * MB
"""A text given in the browser as a file."""

PASTED_CHARACTERS = 200_000
"""A text pasted into a field."""

TRAINING_CHARACTERS = 20 * MB
TRAINING_DISTINCT_WORDS = 500_000
"""Word vectors trained in the browser: characters of the text, and different words in it."""

TAG_FILE_BYTES = 32 * 2**20
TAG_TOKENS = 2_000_000
TAG_SENTENCES = 300_000
TAG_SENTENCE_TOKENS = 1000
TAG_KINDS = 1000
TAG_COLUMNS = 64
TOKEN_CHARACTERS = 1000
"""A file of tagged sentences: bytes, tokens, sentences, tokens of one sentence, different tags,
columns, and characters of one token (a longer sentence is a blank line forgotten)."""

TABLE_BYTES = 5 * MB
TABLE_COLUMNS = 200
CELL_CHARACTERS = 10_000
NUMBER_CHARACTERS = 100
"""A CSV file: bytes, columns, characters of a cell, and of a number in it."""

SCORE_FILE_BYTES = 20 * MB
"""A file of word pairs or analogy questions."""

VECTORS_MEMORY = 1 << 30
"""The vectors of one file on a page, once they are open."""

VECTOR_NUMBERS = 65_536
"""Numbers in one vector."""

METADATA_COLUMNS = 12
METADATA_LINE_BYTES = 1 << 20
"""What is read of a metadata file: columns, and bytes of one line."""

RECORDING_VALUES = 32 * 2**20
RECORDING_JSON_BYTES = 64 * 2**20
ORDERED_UNITS = 2000
"""A recording on a page: numbers of one signal, bytes of its description, and units up to which
alike ones are drawn beside each other (the tree takes memory in the square of their number)."""
