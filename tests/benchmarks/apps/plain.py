"""The reference of the app's benchmarks: what one writes in an afternoon.

The same kind of network reads a text, its hidden state is a heatmap by plotly, and a slider
moves a line over it. Everything goes through the server.
"""

import sys
from pathlib import Path

PROJECT = str(Path(__file__).resolve().parents[3])
if PROJECT not in sys.path:
    sys.path.insert(0, PROJECT)

import plotly.graph_objects as go  # noqa: E402
import streamlit as st  # noqa: E402
import torch  # noqa: E402

from core.networks.model_file import TextModel, load_model  # noqa: E402
from core.training.shelf import find_shipped, shipped_models  # noqa: E402


@st.cache_resource
def network(model_id: str) -> TextModel:
    """The network, loaded once."""
    return load_model(find_shipped(model_id).path)


models = [model.id for model in shipped_models()]
model = network(st.selectbox("Network", models, key="model", index=models.index("namaskar-lstm")))
text = st.text_area("Text it reads", "namaska", key="text") or "n"
step = st.slider("Step", 1, max(2, len(text)), key="step")
with torch.no_grad():
    states, _ = model.model.rnn(model.model.embed(model.encode(text)))
figure = go.Figure(go.Heatmap(z=states[:, 0].T.numpy(), zmin=-1, zmax=1, colorscale="RdBu"))
figure.add_vline(x=step - 1)
figure.update_layout(height=600, title=text)
st.plotly_chart(figure, key="states")
