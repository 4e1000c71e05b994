"""A production: one film being made on a board. What it is made of, and the plan of it; the board is the only state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

from rushes.agent import events as happened
from rushes.agent.asked import Asked, read_asked
from rushes.agent.brief import BriefError, Story, checked_brief, read_brief, read_lines
from rushes.agent.critic import THRESHOLD, ReadOut
from rushes.agent.cut.document import cut_node
from rushes.agent.events import EventStream
from rushes.agent.generator import Generator, take_size
from rushes.agent.plan import Material, Plan, PlanError, PlannedText, plan_from_dict
from rushes.agent.planner import Shooter, plan, plan_materials
from rushes.agent.shot_list import lines_of
from rushes.backlot.scene import Scene, SceneError, scene_from_dict
from rushes.board.board import Board
from rushes.board.jobs import Job, StepResult
from rushes.board.operations import CreateNode, Operation, SetFields
from rushes.board.reads import Node

PLANNER_VERSION = 1  # of the built-in planner; part of the plan's key


class FilmCancelled(Exception):
    """Whoever asked for the film has called it off; what is finished stays on the board."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What was asked for."""

    brief: str
    seconds: float
    width: int  # pixels
    height: int  # pixels
    fps: float = 24
    title: str = ""
    subtitles: bool = False
    seed: int = 0
    max_takes: int | None = None  # of the whole film, animatic left aside; None: `takes_per_shot` for each
    takes_per_shot: int = 3
    max_work_seconds: float | None = None  # of shooting, after which nothing is shot again
    threshold: float = THRESHOLD  # score from which a take is accepted


@dataclass(frozen=True, kw_only=True)
class Music:
    blob: str  # hash on the board
    seconds: float  # length of the track


@dataclass(kw_only=True)
class Production:
    board: Board
    settings: Settings
    shooting_model: Generator
    events: EventStream
    animatic_model: Generator | None = None
    read_out: ReadOut | None = None
    materials: tuple[Material, ...] = ()
    music: Music | None = None
    cancelled: Callable[[], bool] | None = None
    brief_id: str = ""  # board id, once planned
    frame_of_cut: bool = True  # the film has the working cut's frame, where there is one; not one made from its brief
    made_now: int = 0  # takes that this run made
    warned: set[str] = field(default_factory=set)

    def take_up(self, brief_id: str) -> None:
        """Goes on with a film that was planned before, by another process perhaps, under its settings."""
        if brief_id != self.brief_id:
            self.brief_id, self.settings = brief_id, settings_of(self.board.node(brief_id), self.settings)

    def check_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise FilmCancelled("the film was called off; run the same command again to go on")

    def step(self, name: str, inputs: dict[str, Any], fn: Callable[[Job], Any], **about: Any) -> StepResult:
        """A durable step: what these inputs have made before is found, not made again."""
        self.check_cancelled()
        return self.board.step(name, inputs, fn, **about)

    def note(self, text: str, *, role: str = "remark", about: str = "", once: str = "") -> None:
        """A note on the board, for people; the same one only once."""
        key = once or f"note-{digest([text, role, about])}"
        links = tuple(("about", node) for node in dict.fromkeys((self.brief_id, about)) if node)
        self.board.apply(
            CreateNode(kind="note", fields={"text": text, "role": role, "author": "agent"}, links=links),  # type: ignore[arg-type]
            by="agent",
            note="note",
            once=f"{self.brief_id}-{key}",
        )
        self.events.send(happened.Noted(text=text, role=role, about=about))

    def shots(self) -> list[Node]:
        """The shots of this film as they stand on the board, in order."""
        return [shot for shot in self.board.nodes("shot") if self.brief_id in shot.linked("made_from", "brief")]

    def takes(self, shot: str, *, animatic: bool = False) -> list[Node]:
        found = [self.board.node(take) for take in self.board.node(shot).linked_from("made_from", "take")]
        return [take for take in found if bool(take.fields.get("extra", {}).get("animatic")) == animatic]

    def plan(self) -> Plan:
        """The plan as first made; shots that were edited since are on the board."""
        return plan_from_dict(self.board.node(self.brief_id).fields["options"]["plan"])

    def shooter(self) -> Shooter:
        """What the planner has to know of the shooting model."""
        about = self.shooting_model.capabilities
        shortest, longest = about.seconds
        # Models of short clips are trained on one length: they shoot it and the edit trims.
        fixed = longest if longest < 4.0 and not about.needs_scene else None
        return Shooter(
            world=about.world,
            shortest=shortest,
            longest=longest,
            take_seconds=fixed,
            free_camera=bool(about.needs_scene),
        )

    def frame(self) -> tuple[int, int]:
        """Width and height of the film in pixels: the working cut's, which may have been changed, else as asked."""
        cut = cut_node(self.board) if self.frame_of_cut else None
        if cut is None:
            return self.settings.width, self.settings.height
        return cut.fields.get("width", self.settings.width), cut.fields.get("height", self.settings.height)

    def aspect(self) -> float:
        """Width over height of what is shot: the film's, or the nearest that the model makes."""
        width, height = take_size(self.shooting_model.capabilities, *self.frame())
        return width / height


def settings_of(brief: Node, asked: Settings) -> Settings:
    """The settings that a film was begun with; those that the board does not keep are as `asked` now."""
    fields = brief.fields
    width, _, height = fields.get("aspect", "").partition(":")
    seconds = float(fields.get("seconds", asked.seconds))
    fps = float(fields.get("options", {}).get("plan", {}).get("fps", asked.fps))
    return replace(
        asked,
        brief=fields.get("text", asked.brief),
        seconds=asked.seconds if asked.seconds == seconds else seconds,  # 24 and 24.0 give steps other keys
        width=int(width) if width.isdecimal() else asked.width,
        height=int(height) if height.isdecimal() else asked.height,
        fps=asked.fps if asked.fps == fps else fps,
        title=fields.get("title", ""),
        subtitles=bool(fields.get("subtitles", False)),
    )


def digest(value: Any) -> str:
    """A short name for JSON-able data."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan_film(
    production: Production,
    lines: list[tuple[str, float]] | None = None,
    planner: str = "built-in",
    *,
    listed: bool = False,
) -> Plan:
    """Plans the film and puts it on the board, once; a film planned before is found there.

    `lines`: what happens and for how many seconds, by a language model; without, the brief is read by the built-in
    planner. `listed`: each line is one shot; so it is, too, where the brief lists its shots. Raises BriefError,
    PlanError.
    """
    settings, shooter = production.settings, production.shooter()
    text = checked_brief(settings.brief)
    asked, by_us = read_asked(text), lines is None
    if by_us and asked.shots:
        lines, listed = lines_of(asked.shots), True
    inputs = {
        "brief": text,
        "lines": lines,
        "seconds": settings.seconds,
        "fps": settings.fps,
        "title": settings.title,
        "subtitles": settings.subtitles,
        "seed": settings.seed,
        "size": [settings.width, settings.height],
        "materials": [asdict(material) for material in production.materials],
        "shooter": asdict(shooter),
        "model": production.shooting_model.capabilities.name,
        "version": PLANNER_VERSION,
        **({"listed": True} if listed else {}),
    }

    def work(_: Job) -> dict[str, Any]:
        made = _make_plan(production, text, lines, shooter, listed)
        texts = (*made.texts, *_told_texts(made, asked, lines, closing=by_us))
        return replace(made, texts=texts, look=asked.look).to_dict()

    found = production.step("plan", inputs, work)
    made = plan_from_dict(found.value)
    receipt = production.board.apply(
        *_plan_operations(production, made, planner), by="agent", note=f"plan by {planner}", once=f"plan-{found.key}"
    )
    production.brief_id = next(node for node in receipt.created if node.startswith("brief-"))
    for note in made.notes:
        production.note(note, role="warning")
    shots = [
        {
            "id": shot.id,
            "seconds": round((shot.frames - shot.fade_frames) / made.fps, 3),
            "text": shot.text,
            "source": shot.source,
            "size": shot.size,
        }
        for shot in made.shots
    ]
    production.events.send(happened.Planned(title=made.title, shots=shots, planner=planner))
    return made


def _make_plan(
    production: Production, text: str, lines: list[tuple[str, float]] | None, shooter: Shooter, listed: bool
) -> Plan:
    settings = production.settings
    common: dict[str, Any] = {
        "seconds": settings.seconds,
        "fps": settings.fps,
        "materials": production.materials,
        "title": settings.title,
    }
    try:
        story = read_lines(text, lines, listed=listed) if lines else read_brief(read_asked(text).story)
    except BriefError as error:
        if not production.materials:
            raise
        kinds = {material.kind for material in production.materials}
        given = " and ".join(word for kind, word in (("image", "pictures"), ("footage", "clips")) if kind in kinds)
        note = f"only the given {given} are shown: {error}"
        return plan_materials(**common, note=note)
    return plan(
        text,
        **common,
        shooter=shooter,
        subtitles=settings.subtitles,
        seed=settings.seed,
        story=cast(Story, story),
        aspect=production.aspect(),
    )


def _told_texts(
    made: Plan, asked: Asked, lines: list[tuple[str, float]] | None, *, closing: bool
) -> Iterator[PlannedText]:
    """Texts that the brief puts on the shots that it lists, and at the end."""
    shots = asked.shots if lines == lines_of(asked.shots) else ()
    starts = [start / made.fps for start in (*made.starts(), made.frames)]
    for place, told in enumerate(shots):
        mine = [number for number, shot in enumerate(made.shots) if shot.beat == place]
        if told.text and mine:
            yield PlannedText(text=told.text, start=starts[mine[0]], end=starts[mine[-1] + 1], place=told.place)
    if closing and asked.closing:
        yield PlannedText(text=asked.closing, start=max(0.0, made.seconds - 3.0), end=made.seconds, place="title")


def _plan_operations(production: Production, made: Plan, planner: str) -> list[Operation | dict[str, Any]]:
    settings = production.settings
    operations: list[Operation | dict[str, Any]] = [
        CreateNode(
            kind="brief",
            handle="brief",
            literal=True,
            fields={
                "text": settings.brief,
                "title": settings.title,
                "seconds": float(settings.seconds),
                "aspect": f"{settings.width}:{settings.height}",
                "mood": made.mood,
                "subtitles": settings.subtitles,
                "options": {"plan": made.to_dict(), "planner": planner},
            },
        )
    ]
    for shot in made.shots:
        operations.append(
            CreateNode(
                kind="shot",
                literal=True,
                fields={
                    "title": f"{shot.id} {shot.size}: {shot.reason}",
                    "text": shot.text,
                    "prompt": shot.prompt,
                    "seconds": shot.frames / made.fps,
                    "scene": shot.scene.to_dict() if shot.scene is not None else {},
                    "source": shot.source,
                    "model": production.shooting_model.capabilities.name if shot.source == "generated" else "",
                    "extra": {
                        "id": shot.id,
                        "frames": shot.frames,
                        "fade_frames": shot.fade_frames,
                        "size": shot.size,
                        "take_seconds": shot.take_seconds,
                        "start": shot.start,
                        "fit": shot.fit,
                    },
                },
                blobs={"source": shot.blob} if shot.blob else {},
                links=(("made_from", "@brief"),),
            )
        )
    return operations


def shot_scene(shot: Node) -> Scene | None:
    """The scene of a shot on the board, as planned or edited."""
    data = shot.fields.get("scene")
    return scene_from_dict(data) if data else None


def take_scene(take: Node) -> Scene | None:
    """The scene that a take was shot from, which its shot may have left behind since."""
    data = take.fields.get("parameters", {}).get("scene")
    try:
        return scene_from_dict(data) if data else None
    except SceneError:
        return None


def set_shot(production: Production, shot: str, note: str, **fields: Any) -> None:
    """Changes fields of a shot, as the agent."""
    production.board.apply(SetFields(id=shot, fields=fields, literal=True), by="agent", note=note)


Label = Literal["animatic", "film"]
__all__ = ["FilmCancelled", "Label", "Music", "PlanError", "Production", "Settings", "plan_film"]


def project_file(folder: Path) -> Path:
    """Where a project keeps its events."""
    return folder / "events.jsonl"
