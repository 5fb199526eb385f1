"""Tags of the frames agree with the pixels themselves, and scripts are held out."""

from __future__ import annotations

import numpy as np
import pytest

from core.tasks.frames import HIGH, LOW, MOST_FRAMES, SIZE, TAGS, Video, draw_video, part_of


def seen(frame: np.ndarray) -> tuple[float, float] | None:
    """Where the ball is, by the centre of mass of the bright pixels of a noiseless frame."""
    weight = np.where(frame > 0.02, frame, 0)
    if weight.sum() < 0.5:
        return None
    rows, columns = np.mgrid[:SIZE, :SIZE]
    return float((weight * columns).sum() / weight.sum()), float(
        (weight * rows).sum() / weight.sum()
    )


def told(frames: np.ndarray) -> list[str]:
    """The tags out of the pixels alone, written down in another way than the generator's."""
    places = [seen(frame) for frame in frames]
    words, going = [], None
    for at, here in enumerate(places):
        before = places[at - 1] if at else None
        if here is None or before is None:
            words.append(("vanishes" if before else "empty") if here is None else "appears")
            going = None
            continue
        delta = np.subtract(here, before)
        axis = int(np.abs(delta).argmax())
        if np.abs(delta).max() < 0.6:
            words.append("rests")
            going = None
            continue
        way = (axis, bool(delta[axis] > 0))
        turned = going is not None and going[0] == axis and going[1] != way[1]
        names = {(0, True): "right", (0, False): "left", (1, True): "down", (1, False): "up"}
        words.append("turns" if turned else names[way])
        going = way
    return words


def test_the_tags_are_those_of_the_pixels() -> None:
    random = np.random.default_rng(0)
    found = set()
    for _ in range(60):
        drawn = draw_video(random, "training")
        video = Video(drawn.script, drawn.seed, noise=0)
        assert video.tags == told(video.frames())
        found |= set(video.tags)
    assert found == set(TAGS)


def test_the_ball_stays_inside_and_turns_at_the_wall() -> None:
    video = Video("r" * 40, seed=3)
    across = [place[0] for place in video.places]
    assert min(across) >= LOW
    assert max(across) <= HIGH
    assert "turns" in video.tags
    assert "left" in video.tags


def test_the_same_seed_is_the_same_video() -> None:
    one, other = Video("rrss", 7), Video("rrss", 7)
    np.testing.assert_array_equal(one.frames(), other.frames())
    assert not np.array_equal(one.frames(), Video("rrss", 8).frames())


def test_scripts_of_training_are_never_those_held_out() -> None:
    random = np.random.default_rng(1)
    drawn = {
        part: {draw_video(random, part, frames=6).script for _ in range(300)}
        for part in ("training", "validation", "test")
    }
    assert not drawn["training"] & (drawn["test"] | drawn["validation"])
    assert not drawn["test"] & drawn["validation"]
    assert {part_of(script) for script in drawn["test"]} == {"test"}


@pytest.mark.parametrize("script", ["", "r", "rrx", "R", "r" * (MOST_FRAMES + 1)])
def test_other_scripts_are_refused(script: str) -> None:
    with pytest.raises(ValueError, match="letters"):
        Video(script)


def test_other_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="seed"):
        Video("rr", seed=-1)
    with pytest.raises(ValueError, match="noise"):
        Video("rr", noise=5)
