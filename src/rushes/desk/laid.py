"""A cut as plain data, in frames: what lies on the board when a task begins, and what the film should be at its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from rushes.agent.production import Production
from rushes.board.operations import CreateNode
from rushes.desk.footage import Footage, footage_file
from rushes.media.timeline import Place

BLACK = ("black", -1)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A run of frames of one clip."""

    footage: Footage
    frames: int  # on the film
    start: int = 0  # frames into the file
    gain_db: float = 0.0  # of its own sound; -inf: mute
    file: str = ""  # name of the file, where it is not the footage's own

    def shown(self) -> list[tuple[str, int]]:
        """(name, number of the drawn frame) of each frame."""
        order = self.footage.shown or range(self.footage.frames)
        numbers = [order[self.start + i] for i in range(self.frames)]
        return [BLACK if number < 0 else (self.footage.name, number) for number in numbers]


@dataclass(frozen=True, kw_only=True)
class Words:
    text: str
    start: int  # frame of the film that shows it first
    end: int  # first frame without it
    place: Place = "title"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A sound beside the clips' own: one tone."""

    file: Path
    hz: float
    at: int  # frame of the film
    frames: int
    gain_db: float = 0.0
    label: str = ""


@dataclass(frozen=True, kw_only=True)
class Laid:
    pieces: tuple[Piece, ...]
    texts: tuple[Words, ...] = ()
    sounds: tuple[Heard, ...] = ()
    width: int = 160  # pixels
    height: int = 90
    fps: float = 12.0
    script: tuple[str, ...] = ()  # names of the clips in the order in which they are planned, where there is a plan

    @property
    def frames(self) -> int:
        return sum(piece.frames for piece in self.pieces)

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def shown(self) -> list[tuple[str, int]]:
        return [frame for piece in self.pieces for frame in piece.shown()]

    def spans(self) -> list[tuple[Piece, int, int]]:
        """Each piece with its first frame on the film and the frame after its last."""
        found, at = [], 0
        for piece in self.pieces:
            found.append((piece, at, at + piece.frames))
            at += piece.frames
        return found

    def footage(self) -> tuple[Footage, ...]:
        return tuple(dict.fromkeys(piece.footage for piece in self.pieces))

    def with_pieces(self, *pieces: Piece) -> Laid:
        return replace(self, pieces=tuple(pieces))

    def with_texts(self, *texts: Words) -> Laid:
        return replace(self, texts=tuple(texts))


def whole(*footage: Footage) -> tuple[Piece, ...]:
    """Each clip in its whole length."""
    return tuple(Piece(footage=clip, frames=clip.frames) for clip in footage)


def lay(production: Production, laid: Laid) -> None:
    """Puts the working cut on the board, as a person's work."""
    script = _script(production, laid)
    parts = [_clip(production, laid, number, piece) for number, piece in enumerate(laid.pieces, 1)]
    parts += [_title(laid, number, words) for number, words in enumerate(laid.texts, 1)]
    parts += [_sound(production, laid, number, heard) for number, heard in enumerate(laid.sounds, 1)]
    cut = CreateNode(
        kind="cut",
        fields={
            "label": "edit",
            "width": laid.width,
            "height": laid.height,
            "fps": float(laid.fps),
            "seconds": laid.seconds,
        },
        links=tuple(("uses", f"@{part.handle}") for part in parts),
    )
    receipt = production.board.apply(*script, *parts, cut, by="user", note="the cut as it was handed in")
    if laid.script:
        production.brief_id = next(node for node in receipt.created if node.startswith("brief-"))


def _clip(production: Production, laid: Laid, number: int, piece: Piece) -> CreateNode:
    shot = _planned(laid, number)
    return CreateNode(
        kind="clip",
        handle=f"clip{number}",
        fields={
            "label": piece.footage.file_name,
            "start": piece.start / laid.fps,
            "seconds": piece.frames / laid.fps,
            "volume": 0.0 if piece.gain_db == float("-inf") else 10 ** (piece.gain_db / 20),
        },
        blobs={"source": production.board.put(footage_file(piece.footage))},
        links=(("about", f"@{shot}"),) if shot else (),
        literal=True,
    )


def _title(laid: Laid, number: int, words: Words) -> CreateNode:
    times = {"start": words.start / laid.fps, "end": words.end / laid.fps}
    fields = {"text": words.text, **times, "place": words.place}
    return CreateNode(kind="title", handle=f"title{number}", fields=fields, literal=True)


def _sound(production: Production, laid: Laid, number: int, heard: Heard) -> CreateNode:
    return CreateNode(
        kind="sound",
        handle=f"sound{number}",
        fields={
            "label": heard.label,
            "at": heard.at / laid.fps,
            "seconds": heard.frames / laid.fps,
            "gain_db": heard.gain_db,
        },
        blobs={"sound": production.board.put(heard.file)},
        literal=True,
    )


def _script(production: Production, laid: Laid) -> list[CreateNode]:
    """The plan of the film: a shot for each clip, in order."""
    if not laid.script:
        return []
    operations = [CreateNode(kind="brief", handle="brief", fields={"text": production.settings.brief}, literal=True)]
    files = {piece.footage.name: piece.footage for piece in laid.pieces}
    for number, name in enumerate(laid.script, 1):
        source = files.get(name) or replace(laid.pieces[number - 1].footage, name=name)
        operations.append(
            CreateNode(
                kind="shot",
                handle=f"shot-{name}",
                fields={
                    "title": f"{number} {name}",
                    "text": name,
                    "source": "footage",
                    "seconds": source.seconds,
                    "extra": {"id": f"s{number:02d}", "frames": source.frames, "fade_frames": 0, "start": 0.0},
                },
                blobs={"source": production.board.put(footage_file(source))},
                links=(("made_from", "@brief"),),
                literal=True,
            )
        )
    return operations


def _planned(laid: Laid, number: int) -> str:
    """Handle of the shot that clip `number` stands for: its own, or that whose place it has taken."""
    if not laid.script:
        return ""
    name = laid.pieces[number - 1].footage.name
    shot = name if name in laid.script else laid.script[number - 1]
    return f"shot-{shot}"
