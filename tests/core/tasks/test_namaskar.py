"""The word, letter by letter."""

from core.tasks import Namaskar


def test_seven_letters_and_what_follows_each():
    task = Namaskar()
    batch = task.batch()
    assert "".join(task.vocabulary.decode(batch.inputs[:, 0].tolist())) == "namaska"
    assert "".join(task.vocabulary.decode(batch.targets[:, 0].tolist())) == "amaskar"
    assert task.vocabulary.tokens == ("n", "a", "m", "s", "k", "r")


def test_every_batch_starts_afresh_and_has_the_asked_width():
    batch = Namaskar().batch(17, size=3, length=50)
    assert batch.inputs.shape == batch.targets.shape == (7, 3)
    assert not batch.continues
    assert (batch.inputs == batch.inputs[:, :1]).all()


def test_nothing_is_held_out():
    assert len(Namaskar().validation) == 0
