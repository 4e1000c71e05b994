"""What kinds of node there are and what each may hold."""

import difflib
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rushes.board.canonical import canonical
from rushes.board.store import BoardError

Kind = Literal["brief", "cast", "shot", "take", "clip", "title", "sound", "cut", "film", "note"]
Relation = Literal["made_from", "uses", "replaces", "about"]
KINDS: tuple[str, ...] = ("brief", "cast", "shot", "take", "clip", "title", "sound", "cut", "film", "note")
RELATIONS: tuple[str, ...] = ("made_from", "uses", "replaces", "about")

# Fields that name another node: (kind, field) -> the kind of node that it may name.
REFERENCES = {("shot", "chosen"): "take"}

FIELDS_LIMIT = 1_000_000  # bytes of JSON that one node's fields may take; larger things are blobs


class _Fields(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    extra: dict[str, Any] = {}  # whatever this kind has no field for


class _Made(_Fields):
    """What every generated thing keeps."""

    prompt: str = ""  # as given to the model, after rewriting
    model: str = ""  # adapter and weights, as "native/nano"
    seed: int = 0
    parameters: dict[str, Any] = {}  # steps, guidance, scene, ...
    micro_usd: int = Field(0, ge=0)  # cost, millionths of a US dollar
    work_seconds: float = Field(0.0, ge=0)  # time that making it took
    job: str = ""  # id of the step that made it


class Brief(_Fields):
    text: str = ""  # the user's words, verbatim
    title: str = ""
    seconds: float = Field(20.0, gt=0)  # length of the film
    aspect: str = ""  # "16:9"
    mood: str = ""
    style: str = ""
    language: str = ""
    subtitles: bool = False
    options: dict[str, Any] = {}  # the rest of the command


class Cast(_Fields):
    name: str = ""  # what the brief calls it
    thing: str = ""  # kind in the backlot's vocabulary, as "fox"
    look: dict[str, Any] = {}  # colour, pattern, size, accessories
    description: str = ""


class Shot(_Fields):
    title: str = ""  # a few words, for the overview
    text: str = ""  # the part of the brief that it films
    prompt: str = ""  # dense prompt for the model
    seconds: float = Field(2.0, gt=0)  # length on the film
    scene: dict[str, Any] = {}  # backlot scene as plain data
    source: Literal["generated", "footage", "image"] = "generated"
    model: str = ""  # the model that should shoot it
    chosen: str = ""  # id of the take in the film
    status: Literal["planned", "shooting", "done", "fell_short"] = "planned"
    reasons: list[str] = []  # why it stands where it stands


class Take(_Made):
    seconds: float = Field(0.0, ge=0)  # length of the clip
    fps: float = Field(0.0, ge=0)
    width: int = Field(0, ge=0)  # pixels
    height: int = Field(0, ge=0)  # pixels
    frames: int = Field(0, ge=0)
    score: float = Field(0.0, ge=0, le=1)  # the critic's; absent: not judged
    scores: dict[str, float] = {}  # its parts: kind, colour, motion, sharpness, ...
    verdict: Literal["unjudged", "accepted", "rejected"] = "unjudged"
    reasons: list[str] = []  # the critic's, one line each


class Clip(_Fields):
    """A piece of picture on the timeline; `uses` the take or holds the footage as a blob."""

    label: str = ""
    start: float = Field(0.0, ge=0)  # seconds into the source
    seconds: float = Field(0.0, ge=0)  # length on the timeline, crossfade included
    fade: float = Field(0.0, ge=0)  # seconds of crossfade into the next clip
    fit: Literal["cover", "contain"] = "cover"
    volume: float = Field(1.0, ge=0)
    smooth: bool = False
    probe: dict[str, Any] = {}  # what was found out about the source


class Title(_Fields):
    text: str = ""
    start: float = Field(0.0, ge=0)  # seconds on the film's clock
    end: float = Field(0.0, ge=0)  # seconds on the film's clock, exclusive
    place: Literal["title", "lower", "subtitle"] = "title"
    middle: float = Field(0.0, ge=0, le=1)  # of a title, share of the frame's height; 0: where it covers nobody
    size: float = Field(1.0, ge=0.4, le=2.5)  # of the type, share of what is usual at its place
    colour: str = Field("", pattern="^(#[0-9a-f]{6})?$")  # #rrggbb; empty: warm white


class Sound(_Made):
    label: str = ""
    at: float = Field(0.0, ge=0)  # seconds on the film's clock
    start: float = Field(0.0, ge=0)  # seconds into the source
    seconds: float = Field(0.0, ge=0)  # 0: all of it
    gain_db: float = 0.0
    fade_in: float = Field(0.0, ge=0)  # seconds
    fade_out: float = Field(0.0, ge=0)  # seconds
    duck: bool = False  # quieter under other sounds


class Cut(_Fields):
    """One edit of the film; `uses` its clips, titles and sounds."""

    label: str = ""  # "animatic", "film", ...
    width: int = Field(1280, gt=0)  # pixels
    height: int = Field(720, gt=0)  # pixels
    fps: float = Field(24.0, gt=0)
    seconds: float = Field(0.0, ge=0)
    timeline: dict[str, Any] = {}


class Film(_Made):
    """A rendered cut; `made_from` it, the file a blob."""

    title: str = ""
    path: str = ""  # where the user asked to have it
    width: int = Field(0, ge=0)  # pixels
    height: int = Field(0, ge=0)  # pixels
    fps: float = Field(0.0, ge=0)
    seconds: float = Field(0.0, ge=0)
    frames: int = Field(0, ge=0)
    measurements: dict[str, Any] = {}  # loudness, black frames, ...


class Note(_Fields):
    """A critique, a decision, a question; `about` other nodes."""

    text: str = ""
    role: Literal["critique", "decision", "question", "warning", "remark"] = "remark"
    author: str = ""


_MODELS: dict[str, type[_Fields]] = {
    "brief": Brief,
    "cast": Cast,
    "shot": Shot,
    "take": Take,
    "clip": Clip,
    "title": Title,
    "sound": Sound,
    "cut": Cut,
    "film": Film,
    "note": Note,
}


def field_names(kind: str) -> tuple[str, ...]:
    """The fields that a node of this kind may have."""
    return tuple(sorted(_model(kind).model_fields))


def default_of(kind: str, name: str) -> Any:
    """What a field is where nobody has set it; None for a name that is no field."""
    field = _model(kind).model_fields.get(name)
    return None if field is None else field.get_default(call_default_factory=True)


def check_fields(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The same fields as they are stored (whole seconds become floats). Raises BoardError for unknown names, wrong
    types and ranges, naming the field, its value and what it may be."""
    model = _model(kind)
    for name in fields:
        if name not in model.model_fields:
            near = difflib.get_close_matches(name, model.model_fields, n=1)
            hint = f"did you mean {near[0]!r}" if near else f"it has {', '.join(field_names(kind))}"
            raise BoardError(f"{kind} has no field {name!r}: {hint}; anything else goes into 'extra'")
    text = canonical(fields, what=f"the fields of a {kind}")
    if len(text.encode()) > FIELDS_LIMIT:
        raise BoardError(
            f"the fields of a {kind} take {len(text.encode())} bytes, at most {FIELDS_LIMIT}: store a blob"
        )
    try:
        return model.model_validate_json(text).model_dump(mode="json", exclude_unset=True)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        value = repr(first["input"])
        value = value if len(value) <= 60 else value[:57] + "..."
        raise BoardError(f"{kind} field {where!r} is {value}: {first['msg']}") from error


def _model(kind: str) -> type[_Fields]:
    if kind not in _MODELS:
        raise BoardError(f"no kind of node is called {kind!r}: choose one of {', '.join(KINDS)}")
    return _MODELS[kind]
