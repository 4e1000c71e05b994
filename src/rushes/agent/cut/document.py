"""The working cut: the film being edited, as nodes on the board that the agent and people change piece by piece.

One `cut` node labelled "edit" uses clips, titles and sounds; the order of clips is the board's. Times are seconds on
the film's clock, always on its frames.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from rushes.agent.cut.pieces import (
    LOUDNESS,
    ClipPiece,
    Piece,
    SoundPiece,
    TextPiece,
    WorkingCut,
    clip_at,
    common_tone,
    continues,
    joined,
    placed,
    shown,
)
from rushes.agent.cut.ripple import follow_clips, ripple, shift_after
from rushes.board.board import Board
from rushes.board.operations import Connect, CreateNode, MoveNode, Operation, SetFields
from rushes.board.reads import Node
from rushes.media.grade import grade_of
from rushes.media.probe import Probe, probe
from rushes.media.push import AT_REST, checked_push
from rushes.media.timeline import Clip, Sound, Text, Timeline

# The pieces, and what follows them when the clock changes, have files of their own; whoever edits finds all of it here.
__all__ = [
    "LABEL",
    "LOOKS",
    "LOUDNESS",
    "ClipPiece",
    "Piece",
    "SoundPiece",
    "TextPiece",
    "WorkingCut",
    "add_clip",
    "add_sound",
    "add_text",
    "clip_at",
    "common_tone",
    "continues",
    "cut_node",
    "document_of",
    "edit",
    "follow_clips",
    "joined",
    "need_cut",
    "new_cut",
    "placed",
    "read_cut",
    "ripple",
    "same_looks",
    "set_clip",
    "shift_after",
    "shown",
    "source_probe",
    "timeline_of",
]

LABEL = "edit"  # of the working cut's node
LOOKS = ("speed", "fill", "zoom", "focus", "grade", "push")  # of a clip that the board keeps in `extra`


# Reading


def cut_node(board: Board) -> Node | None:
    """The working cut's node: the newest with its label."""
    found = board.nodes("cut", label=LABEL)
    return found[-1] if found else None


def read_cut(board: Board) -> WorkingCut | None:
    """The working cut as it stands, None where there is none yet."""
    node = cut_node(board)
    if node is None:
        return None
    used = set(node.linked("uses"))
    more = node.fields.get("timeline", {})
    bare = WorkingCut(
        id=node.id,
        width=node.fields.get("width", 1280),
        height=node.fields.get("height", 720),
        fps=node.fields.get("fps", 24.0),
        clips=(),
        loudness=float(more.get("loudness", LOUDNESS)),
        fade_in=float(more.get("fade_in", 0.0)),
        fade_out=float(more.get("fade_out", 0.0)),
    )
    clips = tuple(_clip_piece(board, clip) for clip in board.nodes("clip") if clip.id in used)
    cut = replace(bare, clips=placed(bare, clips))
    texts = [_text_piece(title) for title in board.nodes("title") if title.id in used]
    sounds = [_sound_piece(board, cut, sound) for sound in board.nodes("sound") if sound.id in used]
    return replace(cut, texts=tuple(sorted(texts, key=lambda t: (t.start, t.end))), sounds=tuple(sounds))


def need_cut(board: Board) -> WorkingCut:
    """The working cut. Raises ValueError, with the way out, where there is none."""
    cut = read_cut(board)
    if cut is None:
        raise ValueError("no working cut yet; open(material) a given video or picture, or lay() the planned film")
    return cut


def _clip_piece(board: Board, node: Node) -> ClipPiece:
    names = ("label", "start", "seconds", "fade", "fit", "volume", "smooth")
    fields = {name: node.fields[name] for name in names if name in node.fields}
    extra = node.fields.get("extra", {})
    looks = {name: extra[name] for name in LOOKS if name in extra}
    if "focus" in looks:
        looks["focus"] = (float(looks["focus"][0]), float(looks["focus"][1]))
    if "grade" in looks:
        looks["grade"] = grade_of(looks["grade"])
    if "push" in looks:
        looks["push"] = checked_push(looks["push"], node.id)
    take = next(iter(node.linked("uses", "take")), "")
    shot = next(iter(node.linked("about", "shot")), "")
    if take and not shot:
        shot = next(iter(board.node(take).linked("made_from", "shot")), "")
    blob = node.blobs.get("source") or (board.node(take).blobs["video"] if take else "")
    if not blob:
        raise ValueError(f"{node.id} has no source; remove({node.id!r}) it, or give it one with replace")
    return ClipPiece(id=node.id, blob=blob, take=take, shot=shot, **{"seconds": 0.0, **fields, **looks})


def _text_piece(node: Node) -> TextPiece:
    names = ("text", "start", "end", "place", "middle", "size", "colour")
    fields = {name: node.fields[name] for name in names if name in node.fields}
    clip = next(iter(node.linked("about", "clip")), "")
    tells = node.fields.get("extra", {}).get("tells", "")
    return TextPiece(id=node.id, clip=clip, tells=tells, **{"text": "", "start": 0.0, "end": 0.0, **fields})


def _sound_piece(board: Board, cut: WorkingCut, node: Node) -> SoundPiece:
    names = ("label", "at", "start", "gain_db", "fade_in", "fade_out", "duck")
    fields = {name: node.fields[name] for name in names if name in node.fields}
    if "sound" not in node.blobs:
        raise ValueError(f"{node.id} has no sound in it; remove({node.id!r}) it")
    seconds = node.fields.get("seconds") or None
    bare = SoundPiece(id=node.id, blob=node.blobs["sound"], seconds=seconds, **fields)
    if seconds is None:
        seconds = max(0.0, source_probe(board, bare.blob).seconds - bare.start)
    return replace(bare, end=min(bare.at + seconds, max(cut.seconds, bare.at)))


def source_probe(board: Board, blob: str) -> Probe:
    """What a blob holds; each file is read once."""
    return _probe(board.blob_path(blob))


@lru_cache(maxsize=256)
def _probe(path: Path) -> Probe:  # blobs never change
    return probe(path)


# The timeline


def document_of(cut: WorkingCut, *, join: bool = True) -> dict[str, Any]:
    """The cut as JSON whose sources are blobs: what its film is made of, and the key of its render.

    join: pieces that go on where the last one stopped become one clip, so that a split leaves picture and sound as
    they were.
    """
    clips = joined(cut.clips) if join else cut.clips
    return {
        "clips": [_clip_document(clip) for clip in clips],
        "texts": [{n: v for n, v in asdict(text).items() if n not in ("id", "clip", "tells")} for text in cut.texts],
        "sounds": [{n: v for n, v in asdict(s).items() if n not in ("id", "end", "label")} for s in cut.sounds],
        **{name: getattr(cut, name) for name in ("width", "height", "fps", "fade_in", "fade_out")},
    }


def _clip_document(clip: ClipPiece) -> dict[str, Any]:
    """Grade and push only where they change something: films that were rendered before there were any are found."""
    document = {n: v for n, v in asdict(clip).items() if n not in ("id", "at", "take", "shot", "grade", "push")}
    document |= {"grade": graded} if (graded := clip.grade.changes()) else {}
    return document | ({"push": clip.push} if clip.push != AT_REST else {})


def timeline_of(board: Board, cut: WorkingCut, *, join: bool = True) -> Timeline:
    """The cut as media renders it. Raises ValueError, in words, for a cut that is no film."""
    document = document_of(cut, join=join)

    def source(piece: dict[str, Any]) -> dict[str, Any]:
        return {n: v for n, v in piece.items() if n != "blob"} | {"source": board.blob_path(piece["blob"])}

    return Timeline(
        clips=[Clip(**source(clip)) for clip in document.pop("clips")],
        texts=[Text(**text) for text in document.pop("texts")],
        sounds=[Sound(**source(sound)) for sound in document.pop("sounds")],
        **document,
    )


# Writing


def edit(board: Board, *operations: Operation, note: str, by: str = "agent") -> WorkingCut:
    """Applies the operations as one entry that board.undo takes back; returns the cut as it is then.

    Raises ValueError, and leaves the cut as it was, where it would become no film.
    """
    before = read_cut(board)
    was_right = before is None or not _fault(board, before)
    receipt = board.apply(*operations, by=by, note=note)
    after = read_cut(board)
    fault = _fault(board, after) if after is not None and was_right else ""
    if fault:
        board.undo(receipt.entry, by=by, note="it made no film")
        raise ValueError(fault)
    return need_cut(board)


def _fault(board: Board, cut: WorkingCut) -> str:
    if not cut.clips:
        return ""
    try:
        timeline_of(board, cut)
    except ValueError as error:
        return str(error)
    return ""


def new_cut(width: int, height: int, fps: float, **timeline: float) -> list[Operation]:
    """An empty working cut, called "@cut" by later operations. timeline: fade_in, fade_out, loudness."""
    fields = {"label": LABEL, "width": width, "height": height, "fps": float(fps), "timeline": timeline}
    return [CreateNode(kind="cut", handle="cut", fields=fields)]


def add_clip(
    cut: str,
    blob: str,
    *,
    seconds: float,
    after: str | None = None,
    take: str = "",
    shot: str = "",
    handle: str = "clip",
    **fields: Any,
) -> list[Operation]:
    """A clip at the end of the cut, or behind the clip `after` ("": first). fields: those of ClipPiece."""
    extra = _looks(fields)
    links = [("uses", take)] if take else []
    links += [("about", shot)] if shot else []
    made = CreateNode(
        kind="clip",
        handle=handle,
        fields={**fields, "seconds": float(seconds), **({"extra": extra} if extra else {})},
        blobs={"source": blob},
        links=tuple(links),  # type: ignore[arg-type]
        literal=True,
    )
    operations: list[Operation] = [made, Connect(source=cut, relation="uses", target=f"@{handle}")]
    if after is not None:
        operations.append(MoveNode(id=f"@{handle}", after=after))
    return operations


def add_text(
    cut: str,
    text: str,
    start: float,
    end: float,
    place: str = "title",
    handle: str = "text",
    clip: str = "",
    tells: str = "",
    **looks: Any,
) -> list[Operation]:
    """clip, tells, and looks (middle, size, colour): of a TextPiece."""
    fields = {"text": text, "start": float(start), "end": float(end), "place": place, **looks}
    fields |= {"extra": {"tells": tells}} if tells else {}
    links = (("about", clip),) if clip else ()
    made = CreateNode(kind="title", handle=handle, fields=fields, links=links, literal=True)  # type: ignore[arg-type]
    return [made, Connect(source=cut, relation="uses", target=f"@{handle}")]


def add_sound(cut: str, blob: str, *, handle: str = "sound", **fields: Any) -> list[Operation]:
    """fields: those of SoundPiece, and what the board keeps of how it was made (prompt, model, ...)."""
    fields = {name: value for name, value in fields.items() if value is not None}
    made = CreateNode(kind="sound", handle=handle, fields=fields, blobs={"sound": blob}, literal=True)
    return [made, Connect(source=cut, relation="uses", target=f"@{handle}")]


def same_looks(clip: ClipPiece) -> dict[str, Any]:
    """Fields of a new clip that is shown, and heard, as this one is; without its push, of which it has a part."""
    names = ("label", "fit", "volume", "smooth", "speed", "fill", "zoom", "focus")
    return {name: getattr(clip, name) for name in names} | {"grade": clip.grade.changes()}


def set_clip(board: Board, clip: ClipPiece, **fields: Any) -> Operation:
    """Changes fields of a clip, those that the board keeps in `extra` included."""
    if looks := _looks(fields):
        fields["extra"] = {**board.node(clip.id).fields.get("extra", {}), **looks}
    return SetFields(id=clip.id, fields=fields, literal=True)


def _looks(fields: dict[str, Any]) -> dict[str, Any]:
    """Takes those that the board keeps in `extra` out of the fields, as JSON has them."""
    looks = {name: fields.pop(name) for name in LOOKS if name in fields}
    if "focus" in looks:
        looks["focus"] = list(looks["focus"])
    if "push" in looks:
        looks["push"] = [list(view) for view in looks["push"]]
    return looks
