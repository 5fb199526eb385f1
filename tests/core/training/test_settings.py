"""Training settings: ranges, and the course of the learning rate."""

import pytest

from core.training.settings import TrainingSettings


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"batch": 0},
        {"unroll": -1},
        {"every": 0},
        {"validate": 0},
        {"learning_rate": 0.0},
        {"learning_rate": float("nan")},
        {"learning_rate": 1e30},
        {"final_share": 1.5},
        {"clip": 0.0},
        {"clip": float("nan")},
        {"weight_decay": -1.0},
        {"seed": -1},
    ],
)
def test_a_setting_out_of_range_is_refused_by_name(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} is .*expected"):
        TrainingSettings(**wrong)


def test_the_rate_falls_from_its_start_to_its_share():
    settings = TrainingSettings(steps=101, learning_rate=0.5, final_share=0.1)
    rates = [settings.rate_at(step) for step in range(101)]
    assert rates[0] == pytest.approx(0.5)
    assert rates[50] == pytest.approx(0.5 * 0.55)
    assert rates[100] == pytest.approx(0.05)
    assert rates == sorted(rates, reverse=True)


def test_a_share_of_one_keeps_the_rate_also_for_a_single_step():
    assert TrainingSettings(steps=9, final_share=1).rate_at(7) == pytest.approx(3e-3)
    assert TrainingSettings(steps=1, final_share=0.1).rate_at(0) == pytest.approx(3e-3)
