"""The models that the project ships: what each is, learns from, and is asked to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from core.cells import LSTM_VARIANTS
from core.networks import ModelSettings
from core.tasks import Namaskar, Task
from core.tasks.corpora import chinese_task, grammar_task
from core.tasks.grammar import LINE
from core.tasks.hanyu import LINE as CHINESE_LINE
from core.tasks.sentences import in_lines
from core.training.settings import TrainingSettings

CELLS = ("elman", "jordan", "lstm", "gru")
# The cells of the page on variants; they read the word, so that each can be opened everywhere.
VARIANTS = (
    "higher-order",
    "gru-original",
    "mgu",
    *(variant.kind for variant in LSTM_VARIANTS),
)


@dataclass(frozen=True)
class Corpus:
    """Where the data come from, and texts worth reading; the first is the one shown first."""

    name: str
    language: str
    task: Callable[[], Task]
    examples: tuple[str, ...]
    training: TrainingSettings


@dataclass(frozen=True)
class Recipe:
    """One shipped model: its id, its settings but the vocabulary's size, and its corpus."""

    id: str
    corpus: Corpus
    cell: str
    units: int
    layers: int = 1

    def settings(self, vocabulary_size: int) -> ModelSettings:
        """The settings of the model; its inputs are one-hot, so there is no embedding."""
        return ModelSettings(self.cell, vocabulary_size, self.units, num_layers=self.layers)


# Without the strong weight decay most Jordan networks stay at one in three for the last letter:
# they become sure of the easy letters first, and an output that is sure has no room left in
# which to carry anything else back. The other three cells learn the word either way.
WORD = Corpus(
    "namaskar",
    "en",
    Namaskar,
    ("namaska", "nama", "kamasna", "mask"),
    TrainingSettings(
        steps=1500, batch=1, learning_rate=2e-2, final_share=0.2, weight_decay=0.3, seed=3
    ),
)
# The seeds are those, of the few tried (English 1 to 5, Chinese 1 and 3), with which single
# units of the LSTM follow brackets, quotes and the place in the line best, so that there is
# something to point at. The scores of the seeds differ by at most 0.02 bits per character.
TEXTS = TrainingSettings(steps=6000, batch=32, unroll=64, learning_rate=8e-3)
ENGLISH = Corpus(
    "grammar",
    "en",
    grammar_task,
    tuple(
        in_lines(sentences, LINE, between=" ").rstrip()
        for sentences in (
            ["The cats (near the owl [with one old fox]) sing (5: la la la la la).",
             'Mia says "I like the hens".'],
            ["Zoe sings (9: ha ha ha ha ha ha ha ha ha).", "Ben sings (2: do do)."],
            ['The zebras say "we follow the mouse (near one dog [behind the red goats])".',
             "Rex waits."],
            ["The birds (behind the happy child) jump.",
             "The bird (behind the happy children) jumps."],
        )
    ),
    replace(TEXTS, seed=3),
)  # fmt: skip
CHINESE = Corpus(
    "chinese",
    "zh",
    chinese_task,
    tuple(
        in_lines(sentences, CHINESE_LINE, between="").rstrip()
        for sentences in (
            ["小明（旁边有三只白色的猫〔旁边有两棵树〕）在看书。", "小狗叫了五声：汪汪汪汪汪。",
             "妈妈说：「小红说：『我喜欢一朵红色的花。』」"],
            ["小猫叫了九声：喵喵喵喵喵喵喵喵喵。", "门铃响了两下：叮叮。"],
            ["老师说：「学生说：『我们找到了四本有趣的书（旁边有一杯热的茶）。』」",
             "奶奶很高兴。"],
            ["河边有两条长长的鱼。", "门口有一把红色的伞。", "爸爸想要三杯茶。"],
        )
    ),
    replace(TEXTS, seed=1),
)  # fmt: skip

RECIPES = (
    *(Recipe(f"namaskar-{cell}", WORD, cell, 12) for cell in CELLS),
    # without a hidden layer there are as many units as letters: n, a, m, s, k, r
    Recipe("namaskar-output-feedback", WORD, "output-feedback", 6),
    *(Recipe(f"grammar-{cell}", ENGLISH, cell, 64) for cell in CELLS),
    Recipe("grammar-deep-lstm", ENGLISH, "lstm", 48, layers=2),
    *(Recipe(f"chinese-{cell}", CHINESE, cell, 48) for cell in CELLS),
    *(Recipe(f"namaskar-{cell}", WORD, cell, 12) for cell in VARIANTS),
)


def find_recipe(model_id: str) -> Recipe:
    """The recipe with this id; a ValueError that lists them all otherwise."""
    for recipe in RECIPES:
        if recipe.id == model_id:
            return recipe
    known = ", ".join(recipe.id for recipe in RECIPES)
    raise ValueError(f"No shipped model is called {model_id!r}; choose one of {known}.")
