"""A member of a team comes to what a network comes to alone, trained by torch's own means."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from core.race.competitors import COMPETITORS, VARIANTS, build, starts_for
from core.race.protocol import BLOCK, CHECKED, RUNS, Member, Protocol, size_for, train
from core.race.stacked import predict, stack
from core.race.stacked_adam import StackedAdam
from core.tasks.memory import MemoryTask, make_task

EVERYBODY = tuple(dict.fromkeys((*COMPETITORS, *VARIANTS)))
SHORT = Protocol(units=6, updates=30, batch=8, check=5, clip=0.1, held_out=40)


def alone(name: str, task: MemoryTask, member: Member, protocol: Protocol) -> list[float]:
    """The scores on the way of one network by torch's modules, autograd, clipping and Adam."""
    hidden = size_for(name, task, protocol)
    network = build(name, task, hidden, seed=member.seed, start=member.start)
    adam = torch.optim.Adam(network.parameters(), lr=member.rate)
    checked, scores = task.sample(256, member.seed * RUNS + CHECKED), []
    for done in range(1, protocol.updates + 1):
        drawn = task.sample(BLOCK * protocol.batch, member.seed * RUNS + (done - 1) // BLOCK)
        place = (done - 1) % BLOCK * protocol.batch
        inputs, targets = (part[:, place : place + protocol.batch] for part in drawn)
        out = network(inputs)
        loss = (
            functional.mse_loss(out[..., 0], targets)
            if task.regression
            else functional.cross_entropy(out.flatten(0, 1), targets.flatten())
        )
        adam.zero_grad()
        loss.backward()
        clip_grad_norm_(network.parameters(), protocol.clip)
        adam.step()
        if done % protocol.check == 0:
            scores.append(task.score(network(checked.inputs), checked.targets))
    return scores


@pytest.mark.parametrize("name", EVERYBODY)
def test_stacked_networks_answer_what_each_answers(name: str) -> None:
    task = make_task("copying", 7)
    networks = [
        build(name, task, 5, seed=seed, start=starts_for(name)[-1]).double() for seed in (1, 2, 3)
    ]
    inputs = torch.stack([task.sample(4, seed).inputs for seed in (4, 5, 6)], dim=1).double()
    weights = stack(networks)
    found = predict(networks[0], weights, inputs)
    expected = torch.stack([n(inputs[:, m]) for m, n in enumerate(networks)], dim=1)
    torch.testing.assert_close(found, expected, atol=1e-12, rtol=1e-10)

    # a gradient too is that of the network alone
    factors = torch.randn_like(found)
    (found * factors).sum().backward()
    (expected * factors).sum().backward()
    for m, network in enumerate(networks):
        for weight_name, weight in network.named_parameters():
            torch.testing.assert_close(
                weights[weight_name].grad[m], weight.grad, atol=1e-11, rtol=1e-8
            )


@pytest.mark.parametrize("name", ["elman", "jordan", "lstm", "gru", "lstm-peephole", "convolution"])
@pytest.mark.parametrize("task_name", ["adding", "copying"])
def test_a_member_comes_to_what_it_comes_to_alone(name: str, task_name: str) -> None:
    task = make_task(task_name, 6)
    starts = starts_for(name)
    members = [Member(starts[s % len(starts)], rate, s) for s, rate in ((1, 1e-2), (2, 3e-3))]
    for member, outcome in train(name, task, members, SHORT):
        expected = alone(name, task, member, SHORT)
        found = [score for _, score in outcome.curve]
        assert found == pytest.approx(expected, abs=1e-3 if task.regression else 1 / 256)


def test_adam_is_torchs_for_each_member_with_its_rate_and_clip() -> None:
    torch.manual_seed(0)
    rates, start = (1e-2, 3e-4, 1.0), torch.randn(3, 4, 2, dtype=torch.float64)
    weights = {"a": start.clone().requires_grad_(), "b": start[:, 0].clone().requires_grad_()}
    ours = StackedAdam(weights, torch.tensor(rates, dtype=torch.float64))
    single = [[weights[n].detach()[m].clone().requires_grad_() for n in "ab"] for m in range(3)]
    theirs = [torch.optim.Adam(pair, lr=rate) for pair, rate in zip(single, rates)]
    for step in range(6):
        if step == 3:  # the first member ends
            weights, single, theirs = ours.keep([1, 2]), single[1:], theirs[1:]
        gradients = [torch.randn(w.shape, dtype=torch.float64) * 5 for w in weights.values()]
        for weight, gradient in zip(weights.values(), gradients):
            weight.grad = gradient.clone()
        ours.update(clip=1.0)
        for m, pair in enumerate(single):
            for weight, gradient in zip(pair, gradients):
                weight.grad = gradient[m].clone()
            clip_grad_norm_(pair, 1.0)
            theirs[m].step()
            for name, weight in zip("ab", pair):
                torch.testing.assert_close(ours.weights[name][m], weight)


def test_who_ends_changes_nothing_for_the_others() -> None:
    task = make_task("parity", 3)
    protocol = Protocol(units=8, updates=400, batch=16, check=25, held_out=100)
    members = [Member("torch", 1e-2, 1), Member("torch", 1e-5, 2), Member("torch", 1e-2, 3)]
    together = dict(train("feed-forward", task, members, protocol))
    assert len({outcome.updates for outcome in together.values()}) > 1
    for member in members:
        ((_, single),) = train("feed-forward", task, [member], protocol)
        assert single.updates == together[member].updates
        scores = [[score for _, score in one.curve] for one in (single, together[member])]
        assert scores[0] == pytest.approx(scores[1], abs=0.02)
