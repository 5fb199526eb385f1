"""A reader without a browser: the framework's own messages over its websocket, on loopback."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

SUBPROTOCOL = "streamlit"
LARGEST = 64 * 2**20


@dataclass
class Visitor:
    """One session of an app: it opens a page and changes a widget, as a browser would.

    widgets: the ids of the page's widgets by their key.
    """

    url: str
    page: str = ""
    query: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, str] = field(default_factory=dict)
    _socket: ClientConnection | None = None
    _state: ClientState = field(default_factory=ClientState)

    async def __aenter__(self) -> Visitor:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            address, subprotocols=[SUBPROTOCOL], max_size=LARGEST, open_timeout=60
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._socket.close()

    async def open(self) -> float:
        """Run the page for the first time; seconds until it is whole."""
        self._state.page_name = self.page
        self._state.query_string = urlencode(self.query)
        self._state.context_info.locale = "en"
        return await self._run()

    async def set_text(self, key: str, value: str) -> float:
        """Change a text or a choice by the key of its widget; seconds until the answer is whole."""
        state = WidgetIds(self._state).of(self.widgets[key])
        state.string_value = value
        return await self._run()

    async def _run(self) -> float:
        message = BackMsg()
        message.rerun_script.CopyFrom(self._state)
        start = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        await asyncio.wait_for(self._until_finished(), 120)
        return time.perf_counter() - start

    async def _until_finished(self) -> None:
        async for data in self._socket:
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "delta":
                self._look_for_widgets(message)
            elif kind == "navigation":
                self._state.page_script_hash = message.navigation.page_script_hash
            elif kind == "session_event" and message.session_event.HasField(
                "script_compilation_exception"
            ):
                raise RuntimeError(message.session_event.script_compilation_exception.message)
            elif (
                kind == "script_finished"
                and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
            ):
                return
        raise ConnectionError("The app closed the connection.")

    def _look_for_widgets(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
        if kind in ("text_area", "selectbox", "radio"):
            widget = getattr(element, kind)
            self.widgets[widget.id.rsplit("-", 1)[1]] = widget.id


@dataclass(frozen=True)
class WidgetIds:
    """The widget states in a client's state, by id."""

    state: ClientState

    def of(self, widget_id: str):
        """The state of this widget; made if it is new."""
        states = self.state.widget_states.widgets
        found = [one for one in states if one.id == widget_id]
        return found[0] if found else states.add(id=widget_id)
