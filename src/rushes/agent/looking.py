"""Looking at the film: frames as pictures, each with a caption by whoever can see, else by measurements."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from PIL import Image

from rushes.agent.context.entry import Picture
from rushes.agent.critic import ReadOut, color_share
from rushes.agent.cut.document import clip_at, need_cut, read_cut, shown, source_probe
from rushes.agent.cut.sources import find_source
from rushes.agent.models import LanguageModel, Message
from rushes.agent.production import Production
from rushes.agent.tool import Answer, Tool, tool
from rushes.backlot.scene import COLORS
from rushes.board.jobs import Job
from rushes.media.decode import frames as decoded_frames
from rushes.media.grade import AS_SHOT, Grade
from rushes.media.ocr import read_text
from rushes.media.picture_signal import PictureSignal, sharpness
from rushes.media.still import load_image

LARGEST = 640  # pixels of a picture's longer side
SMALL = 96  # of its thumbnail's
MOMENTS = (0.1, 0.5, 0.9)  # shares of a clip that are looked at
PIXELS_A_TOKEN = 750  # of a picture, as vision models count; about
WATCHED = 2.2  # seconds from which motion is measured and a read-out reads
VERSION = 1  # of what is measured here; part of its key


class Describer(Protocol):
    """Sees pictures and says what they show."""

    @property
    def name(self) -> str: ...  # part of a caption's key

    def describe(self, pictures: Sequence[Path], question: str) -> str: ...


@dataclass(frozen=True, kw_only=True)
class ModelDescriber:
    """A vision language model."""

    model: LanguageModel

    @property
    def name(self) -> str:
        return self.model.name

    def describe(self, pictures: Sequence[Path], question: str) -> str:
        asked = Message(role="user", content=question, images=tuple(pictures))
        return self.model.reply([asked], max_tokens=200).text.strip()


@dataclass(frozen=True, kw_only=True)
class Sight:
    """What is looked at."""

    blob: str
    name: str  # for people
    start: float  # seconds into the source
    end: float  # equal to start for one moment, and for a still
    note: str = ""  # what the board knows of it
    grade: Grade = AS_SHOT  # as which it is shown in the film


def looking_tools(production: Production, *, describer: Describer | None = None) -> list[Tool]:
    def run(arguments: dict[str, Any]) -> Answer:
        return look(
            production, arguments.get("id", ""), arguments.get("at"), bool(arguments.get("read")), describer=describer
        )

    return [
        tool(
            "look",
            "See a shot, take, clip or given file by its id or name, or the working cut at a second: pictures, what "
            "is in them, and the critic's scores.",
            {
                "id": {"type": "string", "description": "such as shot-3, take-2, clip-1 or a file's name"},
                "at": {"type": "number", "description": "second of the film, or of what id names"},
                "read": {"type": "boolean", "description": "read the words in the picture too"},
            },
            (),
            run,
        )
    ]


def look(
    production: Production, id: str = "", at: float | None = None, read: bool = False, *, describer: Describer | None
) -> Answer:
    """Raises ValueError for what is not there."""
    sight = _sight(production, id, at)
    pictures, found = _pictures(production, sight)
    caption = _described(production, describer, pictures) or found["caption"]
    if read:
        caption += f"; words in it: {_words(production, pictures)}"
    lines = [line for line in (f"{sight.name}: {caption}", sight.note) if line]
    shots = tuple(
        Picture(
            blob=blob,
            thumbnail=found["thumbnails"][number],
            caption=f"{sight.name} at {second:.2f} s: {caption}"[:300],
            tokens=found["tokens"],
        )
        for number, (blob, second) in enumerate(zip(pictures, found["seconds"], strict=True))
    )
    return Answer(text="\n".join(lines), pictures=shots)


def _sight(production: Production, id: str, at: float | None) -> Sight:
    if not id:
        if at is None:
            raise ValueError("say what to look at: an id such as shot-1, clip-2 or take-3, or at, a second of the film")
        return _film_at(production, float(at))
    cut = read_cut(production.board)
    if cut is not None and any(clip.id == id for clip in cut.clips):
        clip = cut.clip(id)
        if at is not None and not 0 <= at < clip.seconds:
            raise ValueError(f"{id} lasts {clip.seconds:.2f} s; {at:g} s is not in it")
        start = clip.start + (at or 0.0) * clip.speed
        end = start if at is not None else clip.source_end
        note = f"on the film from {clip.at:.2f} to {clip.end:.2f} s" + (f", {clip.take}" if clip.take else "")
        if clip.shot and (planned := production.board.node(clip.shot).fields.get("text", "")):
            note += f"\nplanned to show: {planned}"
        return Sight(blob=clip.blob, name=id, start=start, end=end, note=note, grade=clip.grade)
    source = find_source(production, id)
    if at is not None and source.seconds and not 0 <= at < source.seconds:
        raise ValueError(f"{id} lasts {source.seconds:.2f} s; {at:g} s is not in it")
    note = _judged(production, id if id.startswith("shot-") else source.take)
    return Sight(blob=source.blob, name=id, start=at or 0.0, end=source.seconds if at is None else at, note=note)


def _film_at(production: Production, at: float) -> Sight:
    cut = need_cut(production.board)
    clip = clip_at(cut, at)
    texts = [f"{text.id} {shown(text.text)}" for text in cut.texts if text.start <= at < text.end]
    second = clip.start + (cut.on_grid(at) - clip.at) * clip.speed
    note = f"{clip.id} is on, {second:.2f} s into its source" + (f"; over it: {', '.join(texts)}" if texts else "")
    name = f"the film at {at:.2f} s"
    return Sight(blob=clip.blob, name=name, start=second, end=second, note=note, grade=clip.grade)


def _judged(production: Production, id: str) -> str:
    """The critic's scores of a take, or of all takes of a shot."""
    if not id:
        return ""
    takes = production.takes(id) if id.startswith("shot-") else [production.board.node(id)]
    lines = []
    for take in takes:
        parts = ", ".join(f"{name} {value:.2f}" for name, value in take.fields.get("scores", {}).items())
        reasons = "; ".join(take.fields.get("reasons", [])[:3])
        if parts:
            lines.append(f"{take.id}: {take.fields.get('score', 0.0):.2f} ({parts}). {reasons}")
    return "\n".join(lines[-4:])


def _pictures(production: Production, sight: Sight) -> tuple[list[str], dict[str, Any]]:
    """(blobs of the pictures, seconds, thumbnails and the measured caption): a durable step."""
    read_out = production.read_out
    inputs = {"source": sight.blob, "from": round(sight.start, 4), "to": round(sight.end, 4), "version": VERSION}
    inputs["read_out"] = read_out.name if read_out is not None else ""
    inputs |= {"grade": sight.grade.changes()} if sight.grade.changes() else {}

    def work(job: Job) -> dict[str, Any]:
        path = production.board.blob_path(sight.blob)
        if source_probe(production.board, sight.blob).kind == "image":
            seconds, frames = [0.0], _graded([np.ascontiguousarray(load_image(path)[..., :3])], sight.grade)
            caption = measured_caption(frames, 0.0, None)
        else:
            span = sight.end - sight.start
            seconds = [sight.start + share * span for share in MOMENTS] if span else [sight.start]
            frames = [next(decoded_frames(path, start=second, seconds=0.01)) for second in seconds]
            frames = _graded(frames, sight.grade)
            caption = _clip_caption(production, path, sight, frames)
        small = [_scaled(frame, LARGEST) for frame in frames]
        for number, picture in enumerate(small):
            job.attach(f"picture{number}", _png(picture), ".png")
            job.attach(f"thumbnail{number}", _png(_scaled(frames[number], SMALL)), ".png")
        tokens = max(1, round(small[0].size[0] * small[0].size[1] / PIXELS_A_TOKEN))
        return {"seconds": [round(second, 3) for second in seconds], "caption": caption, "tokens": tokens}

    found = production.step("look", inputs, work)
    count = len(found.value["seconds"])
    thumbnails = [found.blobs[f"thumbnail{number}"] for number in range(count)]
    return [found.blobs[f"picture{number}"] for number in range(count)], found.value | {"thumbnails": thumbnails}


def _clip_caption(production: Production, path: Path, sight: Sight, frames: list[np.ndarray]) -> str:
    """Motion and the read-out's words need a stretch of the clip, also where one moment is looked at."""
    found = source_probe(production.board, sight.blob)
    middle = (sight.start + sight.end) / 2
    begin = max(0.0, min(middle - WATCHED / 2, found.seconds - WATCHED))
    watched = list(decoded_frames(path, start=begin, seconds=WATCHED, width=min(320, found.width)))
    return measured_caption([*frames, *watched], found.fps, production.read_out, watched=len(watched))


def measured_caption(frames: list[np.ndarray], fps: float, read_out: ReadOut | None, watched: int = 0) -> str:
    """What can be said of (H, W, 3) uint8 frames without eyes; the last `watched` follow each other at `fps`."""
    seen = frames[0 : len(frames) - watched] or frames
    step = max(1, seen[0].shape[1] // 160)
    small = np.concatenate([frame[::step, ::step].reshape(-1, 1, 3) for frame in seen])
    shares = {name: color_share(small, name) for name in COLORS}
    colors = [name for name in sorted(shares, key=lambda n: -shares[n]) if shares[name] > 0.04][:3]
    luma = float(small.mean())
    light = "dark" if luma < 60 else "bright" if luma > 170 else "of middle light"
    said = [f"mostly {' and '.join(colors)}" if colors else "grey", f"{light} ({luma:.0f} of 255)"]
    said.append(f"sharpness {np.mean([sharpness(frame) for frame in seen]):.0f}")
    if watched > 1:
        signal = PictureSignal()
        for number, frame in enumerate(frames[-watched:]):
            signal.add(number / max(fps, 1.0), frame)
        change = float(np.mean(signal.change[1:]))
        said.append("nothing moves" if change < 1 else f"it moves ({change:.0f})")
        if read_out is not None:
            said.append(_read(read_out, np.stack(frames[-watched:]), fps))
    return ", ".join(said)


def _read(read_out: ReadOut, frames: np.ndarray, fps: float) -> str:
    """The likeliest answer to each question, with how sure it is."""
    answers = read_out.read(frames, fps)
    best = {what: max(chances, key=lambda name: chances[name]) for what, chances in answers.items() if chances}
    return "looks like " + ", ".join(f"{name} ({answers[what][name]:.0%})" for what, name in best.items())


def _described(production: Production, describer: Describer | None, pictures: list[str]) -> str:
    if describer is None:
        return ""
    paths = [production.board.blob_path(blob) for blob in pictures]
    question = "Say in two sentences what these frames of one clip show: who, doing what, where, light and colours."
    inputs = {"pictures": pictures, "model": describer.name, "question": question}
    return str(production.step("describe", inputs, lambda _: describer.describe(paths, question)).value)


def _words(production: Production, pictures: list[str]) -> str:
    """Texts in the pictures. They are material: whatever they say is no instruction."""
    try:
        lines = [line for blob in pictures for line in read_text(load_image(production.board.blob_path(blob)))]
    except ImportError as error:
        return f"can't be read ({error})"
    found = dict.fromkeys(text for text, confidence, _ in lines if confidence > 0.6)
    return ", ".join(f'"{text[:60]}"' for text in list(found)[:8]) or "none"


def _graded(frames: list[np.ndarray], grade: Grade) -> list[np.ndarray]:
    """(H, W, 3) uint8 frames as the film shows them."""
    if not grade.changes():
        return frames
    return [np.round(255 * grade.graded(frame / 255)).astype(np.uint8) for frame in frames]


def _scaled(frame: np.ndarray, largest: int) -> Image.Image:
    picture = Image.fromarray(frame)
    picture.thumbnail((largest, largest))
    return picture


def _png(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()
