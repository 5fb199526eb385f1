"""A field for files whose content outlives a reload of the page and a change of page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from explorer.belongings import NoRoomError
from explorer.language import plain
from explorer.reader import drop_own, keep_own, own

if TYPE_CHECKING:
    from explorer.language import Texts


@dataclass(frozen=True)
class GivenFile:
    """A file as it was given; ``file_id`` differs for every giving."""

    name: str
    data: bytes
    file_id: str

    @property
    def size(self) -> int:
        """Its bytes."""
        return len(self.data)

    def getvalue(self) -> bytes:
        """Its content."""
        return self.data


def file_field(
    label: str,
    *,
    key: str,
    types: Sequence[str],
    texts: Texts,
    help: str | None = None,
    most_mb: int | None = None,
) -> GivenFile | None:
    """The uploader called ``key`` and what was given there last, also before a reload."""
    found = files_field(label, key=key, types=types, texts=texts, help=help, most_mb=most_mb)
    return found[-1] if found else None


def files_field(
    label: str,
    *,
    key: str,
    types: Sequence[str],
    texts: Texts,
    help: str | None = None,
    most_mb: int | None = None,
    several: bool = False,
) -> list[GivenFile]:
    """The same for several files at once."""
    given = st.file_uploader(
        label,
        type=list(types),
        key=key,
        help=help,
        max_upload_size=most_mb,
        accept_multiple_files=several,
        on_change=_begin_anew,
        args=(key,),
    )
    files = given if several else [given] if given else []
    if files:
        return _kept(key, [GivenFile(one.name, one.getvalue(), one.file_id) for one in files])
    # The uploader of a page that was reloaded is empty, and its file is still the reader's.
    kept: list[GivenFile] = own("file").get(key, [])
    if kept:
        names = plain(", ".join(file.name for file in kept))
        st.caption(texts("uploader.kept", names=names))
        st.button(
            texts("uploader.close"),
            key=f"close-{key}",
            icon=":material/close:",
            on_click=_begin_anew,
            args=(key,),
        )
    return kept


def _kept(key: str, files: list[GivenFile]) -> list[GivenFile]:
    """The files, which the server keeps from now on where it has room."""
    before: list[GivenFile] = own("file").get(key, [])
    if [file.file_id for file in before] != [file.file_id for file in files]:
        try:
            keep_own("file", key, files, sum(file.size for file in files))
        except NoRoomError as error:
            st.warning(plain(str(error)))
    return files


def _begin_anew(key: str) -> None:
    """The reader gave other files, or none."""
    drop_own("file", key)
