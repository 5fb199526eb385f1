"""Words as points: what the cloud, the bump chart and the curves are given."""

import json

import numpy as np
import pytest
from safetensors.numpy import load

from explorer.language import texts_of
from explorer.players.cloud import cloud_arrays, curve_arrays, rank_arrays
from explorer.players.payload import pack
from explorer.players.spec import Layout, Panel, plain_spec

HOSTILE = ["<b>", "=1+1", "\u200f", "x" * 10_000, "two\nlines", "a\r\nb", "", "王后"]


def places(*shape: int) -> np.ndarray:
    return np.random.default_rng(0).normal(size=shape)


def decoded(labels: np.ndarray) -> list[str]:
    return labels.tobytes().decode("utf-8").split("\n")


def test_a_still_cloud_is_one_frame_and_a_plane_lies_at_height_zero() -> None:
    flat = places(5, 2)
    arrays = cloud_arrays(flat, list("abcde"))
    assert set(arrays) == {"positions", "labels"}
    assert arrays["positions"].dtype == np.float32
    assert arrays["positions"].shape == (1, 5, 3)
    np.testing.assert_array_equal(arrays["positions"][0, :, :2], flat.astype(np.float32))
    assert not arrays["positions"][..., 2].any()
    moving = places(4, 5, 3)
    kept = cloud_arrays(moving, list("abcde"))["positions"]
    np.testing.assert_array_equal(kept, moving.astype(np.float32))


def test_every_label_arrives_as_it_is_and_takes_one_line() -> None:
    labels = cloud_arrays(places(8, 3), HOSTILE)["labels"]
    assert labels.dtype == np.uint8
    assert decoded(labels) == [*HOSTILE[:4], "two⏎lines", "a⏎b", *HOSTILE[6:]]


def test_half_a_surrogate_pair_does_not_stop_the_others() -> None:
    labels = cloud_arrays(places(2, 3), ["\ud800", "b"])["labels"]
    assert labels.tobytes().decode("utf-8", "replace").split("\n")[1] == "b"


def test_metadata_gets_the_types_of_the_wire() -> None:
    arrays = cloud_arrays(
        places(2, 3, 3),
        list("abc"),
        group=[0, -1, 2],
        frequency=[10, 0, 2.5],
        tint=[[0, 0.5, 1], [np.nan, 0, 0]],
        neighbours=np.array([[1, 2], [0, -1], [1, 0]]),
        similarity=[[0.9, 0.1], [0.9, np.nan], [0.2, 0.1]],
    )
    kinds = {name: array.dtype for name, array in arrays.items()}
    assert kinds["group"] == kinds["neighbours"] == np.int32
    assert kinds["frequency"] == kinds["tint"] == kinds["neighbour_similarity"] == np.float32
    assert arrays["neighbours"].tolist() == [[1, 2], [0, -1], [1, 0]]
    assert arrays["tint"].shape == (2, 3)
    assert cloud_arrays(places(3, 3), list("abc"), tint=[0, 1, 0])["tint"].shape == (1, 3)


def test_neighbours_of_some_words_only() -> None:
    arrays = cloud_arrays(
        places(5, 3),
        list("abcde"),
        neighbours={3: [1, 2], 0: [4]},
        similarity={3: [0.5, 0.25], 0: [0.75]},
    )
    assert arrays["neighbour_words"].tolist() == [3, 0]
    assert arrays["neighbours"].tolist() == [[1, 2], [4, -1]]
    np.testing.assert_array_equal(arrays["neighbour_similarity"], [[0.5, 0.25], [0.75, np.nan]])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"positions": places(3, 4)}, r"shape \(3, 4\), expected \(point, 2 or 3\)"),
        ({"positions": places(0, 3)}, "at least one point"),
        ({"positions": [[0, 0, 0], [0, np.nan, 0], [0, 0, 0]]}, "point 1 in frame 0"),
        ({"positions": [[0, 0, 0], [0, 0, 0], [0, 0, 1e39]]}, "inf of point 2"),
        ({"labels": ["a", "b"]}, "2 labels for 3 points"),
        ({"labels": "abc"}, "labels for 3 points"),
        ({"group": [1, 2]}, r"group of shape \(2,\), expected \(3,\)"),
        ({"group": [1, 2, 2**40]}, "in group"),
        ({"frequency": [1, -1, 0]}, "negative"),
        ({"frequency": [1, np.inf, 0]}, "not finite"),
        ({"tint": [0, 1.5, 0]}, r"outside \[0, 1\]"),
        ({"tint": [0, -np.inf, 0]}, r"outside \[0, 1\]"),
        ({"tint": [[0, 0, 0], [0, 0, 0]]}, r"tint of shape \(2, 3\)"),
        ({"neighbours": [[1], [3], [0]]}, "got 3 in neighbours, expected whole numbers from -1 to"),
        ({"neighbours": [[1], [-2], [0]]}, "got -2 in neighbours"),
        ({"neighbours": [[1], [0]]}, r"expected \(3, k\)"),
        ({"neighbours": {7: [0]}}, "got 7 in neighbours"),
        ({"similarity": [[1], [0], [0]]}, "without neighbours"),
        ({"neighbours": {0: [1]}, "similarity": {1: [0.5]}}, "different points"),
        ({"neighbours": [[1], [0], [0]], "similarity": [[1, 2]]}, r"expected \(3, 1\)"),
    ],
)
def test_what_does_not_fit_is_refused(wrong: dict, message: str) -> None:
    given = {"positions": places(3, 3), "labels": list("abc"), **wrong}
    with pytest.raises(ValueError, match=message):
        cloud_arrays(given.pop("positions"), given.pop("labels"), **given)


@pytest.mark.parametrize(
    "wrong",
    [{"labels": ["a", 1, "c"]}, {"group": [0.0, 1.0, 2.0]}, {"neighbours": [[0.5], [1.0], [2.0]]}],
)
def test_other_types_are_refused(wrong: dict) -> None:
    given = {"labels": list("abc"), **wrong}
    with pytest.raises(TypeError, match="expected"):
        cloud_arrays(places(3, 3), given.pop("labels"), **given)


def test_ranks_of_all_of_some_or_of_one_word() -> None:
    ranks = np.random.default_rng(1).integers(-1, 6, (4, 6, 3))
    assert set(rank_arrays(ranks, 6)) == {"rank_index"}
    some = rank_arrays(ranks[:, :2], 6, words=[5, 0], similarity=ranks[:, :2] / 6)
    assert some["rank_words"].tolist() == [5, 0]
    assert some["rank_index"].dtype == np.int32
    np.testing.assert_array_equal(some["rank_index"], ranks[:, :2])
    assert some["rank_similarity"].shape == (4, 2, 3)
    assert set(rank_arrays(ranks[:, :1], 6)) == {"rank_index"}
    with pytest.raises(ValueError, match="say in words whose they are"):
        rank_arrays(ranks[:, :2], 6)
    with pytest.raises(ValueError, match="got 5 in ranks"):
        rank_arrays(np.full((1, 5, 2), 5), 5)
    with pytest.raises(ValueError, match=r"expected \(frame, word, k\)"):
        rank_arrays(ranks[0], 6)


def test_curves_have_one_value_a_frame() -> None:
    arrays = curve_arrays({"loss": [3, 2, np.nan]}, frames=3)
    assert list(arrays) == ["curve.loss"]
    assert arrays["curve.loss"].dtype == np.float32
    with pytest.raises(ValueError, match=r"curve 'loss' of shape \(2,\), expected \(3,\)"):
        curve_arrays({"loss": [3, 2]}, frames=3)


def test_the_spec_and_the_arrays_make_one_payload() -> None:
    arrays = cloud_arrays(places(2, 3, 3), ["a", "王后", "<b>"])
    spec = plain_spec(
        [Panel("cloud", "a", options={"colour": "none"})],
        Layout("'a'", "1fr", "1fr", 400),
        texts_of("zh"),
        group="g",
        tokens=["0", "100"],
        units=3,
        cursor={"unit": 1, "pinned": [2]},
    )
    payload = pack(arrays, spec)
    header = int.from_bytes(payload[:8], "little")
    sent = json.loads(json.loads(payload[8 : 8 + header])["__metadata__"]["spec"])
    assert sent["cursor"] == {"time": 1, "layer": 0, "direction": 0, "unit": 1, "pinned": [2]}
    assert (sent["steps"], sent["units"]) == (2, 3)
    assert sent["text"]["cloud_space"] == "三维"
    assert decoded(load(payload)["labels"]) == ["a", "王后", "<b>"]
