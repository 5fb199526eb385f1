"""The network of a new run as PyTorch code, in either layout."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer.language import Texts
from explorer.shared import shared
from explorer.workshop.fields import PREFIX, begin_anew, field
from explorer.workshop.tasks import Offer

if TYPE_CHECKING:
    from core.training.runs.settings import RunSettings

# nn.RNN(input_size, hidden_size, batch_first=True) and nn.Linear on the last step
SIMPLE_RNN: dict[str, Any] = {
    "task": "digit-rows",
    "cell": "elman",
    "nonlinearity": "tanh",
    "layers": 1,
    "both": False,
    "dropout": "0",
    "code": True,
    "batch_first": True,
}


def show_code(settings: RunSettings, offer: Offer, texts: Texts) -> None:
    """Two switches and the code, and the way to the best known example."""
    with st.container(horizontal=True, vertical_alignment="center", gap="large"):
        st.toggle(texts("workshop.code"), key=f"{PREFIX}code", help=texts("workshop.code_help"))
        if field("code"):
            st.toggle(
                texts("workshop.batch_first"),
                key=f"{PREFIX}batch_first",
                help=texts("workshop.batch_first_help"),
            )
        st.button(
            texts("workshop.simple_rnn"),
            on_click=take_simple_rnn,
            help=texts("workshop.simple_rnn_help"),
            icon=":material/school:",
            type="tertiary",
        )
    if not field("code"):
        return
    if offer.writes:
        st.info(texts("workshop.code_writes"))
        return
    words = json.dumps(settings.to_json(), sort_keys=True) + (settings.data or "")
    st.code(code_of(words, field("batch_first"), settings), language="python")


def take_simple_rnn() -> None:
    """Called by the button: the document's network, on a task of the shape that it has."""
    choices = st.session_state["choices"]
    st.session_state[f"{PREFIX}task"] = choices[f"{PREFIX}task"] = SIMPLE_RNN["task"]
    begin_anew()
    for name, value in SIMPLE_RNN.items():
        st.session_state[PREFIX + name] = choices[PREFIX + name] = value


@shared
def code_of(key: str, batch_first: bool, _settings: RunSettings) -> str:
    """The code of the network that these settings make. key: says everything about them."""
    import torch

    from core.networks.reader import Reader
    from core.networks.torch_code import torch_code

    application = _settings.make_application()
    with torch.device("meta"):  # shapes without memory, whatever size is asked for
        model = application.network(_settings.architecture)
    if not isinstance(model, Reader):
        raise TypeError(f"{application.name} has a {type(model).__name__}; expected a Reader.")
    # a network that is asked on the way, too, while it learns, is used for its last answer
    once = application.shape == "many-to-one"
    return torch_code(
        _settings.architecture,
        replace(model.ends, each_step=model.ends.each_step and not once),
        batch_first=batch_first,
        lengths=application.padded,
        softmax=model.softmax,
    )
