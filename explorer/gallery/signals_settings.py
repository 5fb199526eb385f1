"""What the reader chooses on the page *Signals*: a message to be keyed, and how."""

from __future__ import annotations

import streamlit as st

from explorer.address import chosen, publish
from explorer.language import Texts
from explorer.sidebar import plain

MESSAGE = "SOS HELP"
MOST_SIGNS = 20
# setting: (what is offered, the first one, its unit in the written form)
OFFERED = {
    "sig_speed": ([str(speed) for speed in range(12, 26)], "18", "wpm"),
    "sig_noise": ([str(level) for level in range(-14, 22, 2)], "6", "dB"),
    "sig_pitch": ([str(pitch) for pitch in range(400, 901, 50)], "600", "Hz"),
    "sig_hand": ([str(share) for share in range(0, 26, 5)], "10", "%"),
}


def choose_keying(texts: Texts) -> str:
    """The written form of the message: its text, behind an @ the settings."""
    chosen("sig_message", MESSAGE, most=MOST_SIGNS)
    chosen("sig_seed", "0")
    with st.sidebar:
        st.text_input(
            texts("signals.message"),
            key="sig_message",
            max_chars=MOST_SIGNS,
            help=texts("signals.message_help", signs=MOST_SIGNS),
        )
        for name, (offered, first, _) in OFFERED.items():
            chosen(name, first, offered)
            st.select_slider(
                texts(f"signals.{name}"), offered, key=name, help=texts(f"signals.{name}_help")
            )
        st.button(texts("signals.again"), icon=":material/casino:", on_click=_again)
    values = {name: st.session_state[name] for name in OFFERED}
    seed, message = st.session_state["sig_seed"], st.session_state["sig_message"]
    seed = seed if seed.isascii() and seed.isdigit() and len(seed) < 10 else "0"
    changed = {name: None if value == OFFERED[name][1] else value for name, value in values.items()}
    publish(sig_message=message or None, sig_seed=None if seed == "0" else seed, **changed)
    return written(message, values, seed)


def written(message: str, values: dict[str, str], seed: str) -> str:
    """ "SOS HELP @18wpm 6dB 600Hz 10% #0"."""
    settings = [f"{values[name]}{unit}" for name, (_, _, unit) in OFFERED.items()]
    return f"{message or MESSAGE} @{' '.join(settings)} #{seed}"


def refuse(error: ValueError, texts: Texts) -> None:
    """Say in the sidebar why an input cannot be one."""
    st.sidebar.warning(plain(f"{texts('gallery.refused')} {error}"))


def _again() -> None:
    """Another hand and other noise."""
    seed = st.session_state["sig_seed"]
    st.session_state["sig_seed"] = str((int(seed) + 1) % 1000 if seed.isdigit() else 1)
