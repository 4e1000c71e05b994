"""Out of the house: the working cut as a film, as an editable timeline, as subtitles, as an edit list."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rushes.agent.cut.document import WorkingCut, need_cut, timeline_of
from rushes.agent.cut.rendering import render_cut
from rushes.agent.cut.worth import own_frames
from rushes.agent.production import Production
from rushes.agent.tool import Tool, tool
from rushes.media.files import replacing
from rushes.media.otio import to_otio

FOLDER = "exports"  # in the project; nothing is written outside of it, whatever a model is told
EDL_NAME = 60  # characters of a clip's name in an edit list


def exporting_tools(production: Production) -> list[Tool]:
    def run(arguments: dict[str, Any]) -> str:
        return export(production, arguments["kind"], arguments.get("path", ""))

    return [
        tool(
            "export",
            "Write the working cut into the project's exports folder: mp4 (rendered), otio (for editing programs), "
            "srt or ass (its texts), edl (its cuts).",
            {
                "kind": {"type": "string", "enum": list(KINDS)},
                "path": {"type": "string", "description": "file name, such as lantern.srt"},
            },
            ("kind",),
            run,
        )
    ]


def export(production: Production, kind: str, name: str = "") -> str:
    """Writes the file whole or not at all and says where. Raises ValueError."""
    cut = need_cut(production.board)
    if not cut.clips:
        raise ValueError("the working cut has no clips; open(material) a video first")
    out = _place(production, kind, name)
    if kind == "mp4":
        film = render_cut(production)
        with replacing(out) as temporary:
            shutil.copyfile(film.path, temporary)
        short = f"; it falls short: {'; '.join(film.problems)}" if film.problems else ""
        return f"{out} is {film.node}: {film.seconds:g} s, {film.frames} frames{short}"
    return f"{out} has {KINDS[kind](production, cut, out)}"


def _place(production: Production, kind: str, name: str) -> Path:
    """A file in the exports folder. A name that leads elsewhere is refused: material may have asked for it."""
    name = name.strip() or f"film.{kind}"
    if Path(name).name != name or name.startswith(".") or "\\" in name:
        raise ValueError(f"{name!r} is no plain file name; files go into the project's {FOLDER} folder")
    if Path(name).suffix.lower() != f".{kind}":
        name = f"{name}.{kind}"
    folder = production.board.folder / FOLDER
    folder.mkdir(exist_ok=True)
    return folder / name


def _write_otio(production: Production, cut: WorkingCut, out: Path) -> str:
    to_otio(timeline_of(production.board, cut), out)
    return f"{len(cut.clips)} clips, {len(cut.texts)} texts and {len(cut.sounds)} sounds"


def _write_subtitles(production: Production, cut: WorkingCut, out: Path) -> str:
    """Subtitles where there are any, else all texts."""
    import pysubs2

    shown = [text for text in cut.texts if text.place == "subtitle"] or list(cut.texts)
    if not shown:
        raise ValueError("the film has no texts to export; set some with text() or subtitles()")
    lines = pysubs2.SSAFile()
    for text in shown:
        words = text.text.replace("\n", "\\N")
        lines.append(pysubs2.SSAEvent(start=round(text.start * 1000), end=round(text.end * 1000), text=words))
    with replacing(out) as temporary:
        lines.save(str(temporary), format_=out.suffix[1:])
    return f"{len(shown)} texts"


def _write_edl(production: Production, cut: WorkingCut, out: Path) -> str:
    """CMX 3600: cuts only; a crossfade stands at its begin."""
    lines = [f"TITLE: {production.settings.title or out.stem}", "FCM: NON-DROP FRAME", ""]
    for number, (clip, begin, end) in enumerate(own_frames(cut), 1):
        first = cut.frame_at(clip.start)
        taken = cut.frame_at((end - begin) / float(cut.rate) * clip.speed)
        times = " ".join(_timecode(frame, cut) for frame in (first, first + taken, begin, end))
        name = " ".join((clip.label or clip.id).split())[:EDL_NAME]
        lines += [f"{number:03d}  AX       B     C        {times}", f"* FROM CLIP NAME: {name}"]
    with replacing(out) as temporary:
        temporary.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return f"{len(cut.clips)} cuts"


def _timecode(frame: int, cut: WorkingCut) -> str:
    """HH:MM:SS:FF, counted without leaving numbers out."""
    base = max(1, round(cut.fps))
    seconds, rest = divmod(frame, base)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}:{rest:02d}"


KINDS: dict[str, Callable[[Production, WorkingCut, Path], str]] = {
    "mp4": lambda *_: "",
    "otio": _write_otio,
    "srt": _write_subtitles,
    "ass": _write_subtitles,
    "edl": _write_edl,
}
