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

LARGEST = 64 * 2**20  # bytes of one message
PATIENCE = 60  # seconds for one answer
# The field of a widget's state that holds its value, by the kind of the widget.
VALUES = {
    "text_area": "string_value",
    "text_input": "string_value",
    "selectbox": "string_value",
    "radio": "string_value",
    "button_group": "string_array_value",
    "multiselect": "string_array_value",
    "checkbox": "bool_value",
    "number_input": "double_value",
    "slider": "double_array_value",
}


@dataclass
class Visitor:
    """One session of an app: it opens a page and changes widgets, as a browser would.

    widgets: kind and id of each of the page's widgets, by its key; those that are drawn now.
    options: what those offer that offer a choice, by their key.
    scripts: the files of the components that the page shows, as the server names them.
    """

    url: str
    page: str = ""
    query: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, tuple[str, str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    scripts: set[str] = field(default_factory=set)
    state: ClientState = field(default_factory=ClientState)
    socket: ClientConnection | None = None

    async def __aenter__(self) -> Visitor:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self.socket = await connect(
            address, subprotocols=["streamlit"], max_size=LARGEST, open_timeout=PATIENCE
        )
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.socket.close()

    async def open(self) -> float:
        """Run the page for the first time; seconds until the answer is whole."""
        self.state.page_name = self.page
        self.state.query_string = urlencode(self.query)
        return await self.run()

    async def choose(self, key: str, value: str | bool | float) -> float:
        """Change a widget; seconds until the answer is whole.

        A choice is given as it reads in ``options``.
        """
        kind, wanted = self.widgets[key]
        states = self.state.widget_states.widgets
        widget = next((one for one in states if one.id == wanted), None) or states.add(id=wanted)
        # A slider over given values travels by their labels.
        name = "string_array_value" if kind == "slider" and self.options[key] else VALUES[kind]
        if name.endswith("array_value"):
            values = getattr(widget, name).data
            values[:] = [value]
        else:
            setattr(widget, name, value)
        return await self.run()

    async def run(self) -> float:
        """One rerun of the page's script."""
        message = BackMsg()
        message.rerun_script.CopyFrom(self.state)
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        await asyncio.wait_for(self._until_finished(), PATIENCE)
        return time.perf_counter() - start

    async def _until_finished(self) -> None:
        async for data in self.socket:
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if message.metadata.cacheable:  # what a browser has seen is sent to it only once
                self.state.cached_message_hashes.append(message.hash)
            if kind == "delta":
                self._take_in(message.delta.new_element)
            elif kind == "page_info_changed":
                self.state.query_string = message.page_info_changed.query_string
            elif kind == "navigation":
                self.state.page_script_hash = message.navigation.page_script_hash
            elif kind == "script_finished" and (
                message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            ):
                return
        raise ConnectionError("The app closed the connection.")

    def _take_in(self, element) -> None:
        """Learn the widgets' ids; raise what the page shows as an exception."""
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"{element.exception.type}: {element.exception.message}")
        if kind == "bidi_component" and element.bidi_component.js_source_path:
            component = element.bidi_component
            self.scripts.add(f"{component.component_name}/{component.js_source_path}")
        if kind in VALUES:
            widget = getattr(element, kind)
            key = widget.id.rsplit("-", 1)[1]
            self.widgets[key] = kind, widget.id
            self.options[key] = [
                getattr(option, "content", option) for option in getattr(widget, "options", ())
            ]
