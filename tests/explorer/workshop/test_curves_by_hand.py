"""The caption of a run's curve, counted update by update: of the shipped runs' files, and of runs
whose looks lie unevenly."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from explorer.captions import spoken
from explorer.language import LANGUAGES, texts_of
from explorer.workshop.curves_stage import overlay_caption, run_caption
from explorer.workshop.store import SHIPPED
from tests.explorer.by_hand import percent_of

every_language = pytest.mark.parametrize("language", LANGUAGES)


def uneven(seed: int) -> list[dict]:
    """A run that was stopped and resumed: looks 1 to 20 updates apart."""
    drawn, step, lines = random.Random(seed), 0, []
    for _ in range(900 if seed == 1 else 7):
        updates = drawn.randint(1, 20)
        step += updates
        held = drawn.random() if drawn.random() < 0.3 else None
        lines.append({
            "step": step,
            "loss": drawn.random() * 4,
            "validation_loss": held,
            "score": held,
            "clipped": drawn.randint(0, updates) / updates,
        })  # fmt: skip
    return lines


def caption_of(lines: list[dict], steps: int, texts) -> str:
    clipped, held, before = 0, {}, 0
    for line in lines:
        clipped += round(line["clipped"] * (line["step"] - before))  # whole updates
        before = line["step"]
        if line["validation_loss"] is not None:
            held.setdefault(line["validation_loss"], line["step"])
    parts = [
        texts(
            "workshop.curve_caption",
            step=f"{before:,}",
            steps=f"{steps:,}",
            loss=f"{lines[-1]['loss']:.3f}",
        )
    ]
    if held:
        least = sorted(held)[0]
        parts.append(texts("workshop.curve_best", loss=f"{least:.3f}", step=f"{held[least]:,}"))
    parts.append(texts("workshop.curve_clipped_share", share=percent_of(clipped / before)))
    return texts("caption.gap").join(parts)


@every_language
@pytest.mark.parametrize("folder", sorted(SHIPPED.iterdir()), ids=lambda folder: folder.name)
def test_of_a_shipped_run(folder: Path, language: str) -> None:
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    texts = texts_of(language)
    assert spoken(run_caption(lines, 600, texts)) == caption_of(lines, 600, texts)


@every_language
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_of_a_run_whose_looks_lie_unevenly(seed: int, language: str) -> None:
    texts, lines = texts_of(language), uneven(seed)
    assert spoken(run_caption(lines, 20_000, texts)) == caption_of(lines, 20_000, texts)


@every_language
def test_where_several_runs_ended(language: str) -> None:
    texts, runs = texts_of(language), {f"run {seed}": uneven(seed) for seed in (2, 3, 4)}
    ended = []
    for title, lines in runs.items():
        measured = [line["score"] for line in reversed(lines) if line["score"] is not None]
        if measured:
            ended.append(texts("workshop.ended", title=title, value=f"{measured[0]:.3f}"))
    assert ended
    expected = texts("caption.joint").join(ended) + texts("caption.stop")
    assert spoken(overlay_caption(runs, "score", texts)) == expected
