"""A conversation about a film: a project is opened, footage and pages are handed in, and a session with all tools."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rushes.agent.context.rules import SelfManaged
from rushes.agent.critic import ReadOut
from rushes.agent.cut.cut_tools import cut_tools
from rushes.agent.cut.document import read_cut
from rushes.agent.cut.rendering import render_cut
from rushes.agent.events import Event, EventStream
from rushes.agent.film import check_frame
from rushes.agent.finishing import Film
from rushes.agent.generator import Generator
from rushes.agent.harness.archive import Archive
from rushes.agent.harness.gate import Evaluator, HarnessGate
from rushes.agent.harness.in_use import HarnessInUse
from rushes.agent.harness.log_questions import RecallEvaluator
from rushes.agent.harness.policy import find_policy
from rushes.agent.harness.proposing import propose_tools
from rushes.agent.harness.reading import reading_tools
from rushes.agent.harness.subrun import Part, Purse, Share, asking, session_start, subrun_tools, used_by_parts
from rushes.agent.harness.version import PolicyChoice
from rushes.agent.limits import Limits
from rushes.agent.lookup import lookup_tools, page_text
from rushes.agent.making import making_tools
from rushes.agent.materials import keep_materials, probed, put_materials
from rushes.agent.models import LanguageModel
from rushes.agent.persona import Persona
from rushes.agent.planner import film_length
from rushes.agent.production import Production, Settings, project_file, settings_of
from rushes.agent.session import SYSTEM, Session
from rushes.agent.shape import frame_of, named_shape, shape_of
from rushes.agent.talk import talk_tools
from rushes.agent.tool import Tool
from rushes.board.board import Board
from rushes.board.operations import RemoveNode
from rushes.board.reads import Node
from rushes.media.probe import Probe

SHORT_SIDE = 720  # pixels of a new film, if nobody says
PARTS = Share(turns=60, tokens=500_000, seconds=1200.0)  # most of a session's limits that is kept for its parts
LEAST = 1_000  # tokens that a model must see at once: with fewer it forgets what it did and does it again


@dataclass(frozen=True, kw_only=True)
class Handed:
    """What the user gives beside words."""

    images: Sequence[Path] = ()
    footage: Sequence[Path] = ()
    pages: Mapping[str, Path] = field(default_factory=dict)  # name -> file of text
    persona: Persona | None = None


@contextmanager
def open_session(
    folder: Path,
    model: LanguageModel,
    shooting_model: Generator,
    *,
    words: str,
    handed: Handed | None = None,
    read_out: ReadOut | None = None,
    seconds: float = 20.0,
    width: int | None = None,
    height: int | None = None,
    short_side: int | None = None,
    fps: float | None = None,
    seed: int = 0,
    context: str | None = None,
    limits: Limits | None = None,
    budget: int = 28_000,
    harness: Archive | None = None,
    proposes: bool = False,
    judges: Sequence[Evaluator] = (),
    events: Callable[[Event], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Session]:
    """The session of a project, a new one or one that `make_film` or an earlier session has left.

    `words`: what is said first; the brief of a new project. Length, size (pixels) and fps count for a new project only;
    those that are None are those of the first footage, else of the shape that the words name, its short side 720, at
    24. `context`: the policy that chooses what the model sees of its history, by its name; "self-managed" gives it the
    tools to choose itself; None: the harness's, else masking. `harness`: the version in use there says how the model is
    run; with `proposes` it may propose another, which `judges` judge. Raises ValueError for files that can't be used,
    BoardBusy where another process has the project open.
    """
    handed, limits = handed or Handed(), limits or Limits()
    if budget < LEAST:
        raise ValueError(f"a film can't be directed in {budget} tokens; let the model see {LEAST} or more at once")
    policy = None if context is None else find_policy(context)
    film_length(seconds)
    files = probed(handed.images, handed.footage)  # before a folder is made: bad files leave nothing behind
    pages = lookup_tools(handed.pages) if handed.pages else []
    first = next((about for _, about in files if about.kind == "video"), None)
    shape = (width, height) if width and height else _shape(words, first, short_side)
    asked = Settings(
        brief=words,
        seconds=seconds,
        width=shape[0] // 2 * 2,
        height=shape[1] // 2 * 2,
        fps=fps if fps is not None else min(60.0, max(1.0, first.fps)) if first else 24.0,
        seed=seed,
    )
    check_frame(asked.width, asked.height, asked.fps)
    with Board.open(folder) as board:
        brief = newest_brief(board)
        production = Production(
            board=board,
            settings=asked if brief is None else settings_of(brief, asked),
            shooting_model=shooting_model,
            read_out=read_out,
            events=EventStream(project_file(folder), events),
            materials=keep_materials(board, put_materials(board, files)),
            brief_id="" if brief is None else brief.id,
            cancelled=cancelled,
        )
        own = [*director_tools(production), *pages]
        names = [each.spec.name for each in own]  # that a version may build on
        gate = HarnessGate(harness, judges or RecallEvaluator(), tools=names) if harness and proposes else None
        proposing = propose_tools(gate, by=model.name) if gate else []
        in_use = None if harness is None else HarnessInUse(harness, told=production.note)
        try:
            yield Session(
                production,
                model,
                tools=[*_with_parts(production, model, own, handed.pages, limits, in_use), *proposing],
                policy=policy or in_use,
                manages_context=_manages_context(context, in_use),
                limits=without_parts(limits),
                budget=budget,
                system=_system(in_use, handed.persona),
            )
        finally:
            if in_use is not None:
                in_use.close()


def _with_parts(
    production: Production,
    model: LanguageModel,
    tools: list[Tool],
    pages: Mapping[str, Path],
    limits: Limits,
    in_use: HarnessInUse | None,
) -> list[Tool]:
    """The tools as the harness in use changes them, its way of reading pages, and runs of the model on parts."""
    purse = Purse(for_parts(limits) - used_by_parts(production.events))
    if in_use is not None:
        tools = in_use.tools(tools)
    if in_use is not None and pages:
        texts = {name: page_text(path) for name, path in pages.items()}
        tools += reading_tools(texts, in_use.version.reading, asking(model, purse))

    def for_part(inner: Purse, part: Part) -> list[Tool]:
        return [*tools, *subrun_tools(inner, start, within=part.name, depth=1)]

    start = session_start(production, model, for_part, version=in_use.version if in_use else None)
    return [*tools, *subrun_tools(purse, start)]


def _manages_context(context: str | None, in_use: HarnessInUse | None) -> bool:
    """Whether the model chooses what it sees, by the policy that is named, else by the harness's."""
    chosen = PolicyChoice(name=context) if context else in_use.version.policy if in_use else PolicyChoice()
    return chosen.name == SelfManaged.name and not chosen.source


def _system(in_use: HarnessInUse | None, persona: Persona | None) -> str:
    """The text that the model is given first."""
    system = (in_use.version.system if in_use else "") or SYSTEM
    return system if persona is None else f"{system}\n\n{persona.words()}"


def _shape(words: str, footage: Probe | None, short_side: int | None) -> tuple[int, int]:
    """Width and height of a new film: its footage's, or of the shape that the words name."""
    if footage is None:
        return frame_of(shape_of(named_shape(words) or "16:9"), short_side or SHORT_SIDE)
    if short_side is None:
        return footage.width, footage.height
    return frame_of(footage.width / footage.height, short_side)


def newest_brief(board: Board) -> Node | None:
    """The film that is worked on: of several that were made in one project, the last.

    A working cut that was laid out from an earlier one is put away, else the earlier film would go on under new words.
    """
    briefs, cut = board.nodes("brief"), read_cut(board)
    if not briefs:
        return None
    shots = [board.node(clip.shot) for clip in cut.clips if clip.shot] if cut is not None else []
    films = {brief for shot in shots for brief in shot.linked("made_from", "brief")}
    if cut is not None and films and briefs[-1].id not in films:
        board.apply(RemoveNode(id=cut.id), by="agent", note=f"{cut.id} was of an earlier film")
    return briefs[-1]


def for_parts(limits: Limits) -> Share:
    """What is kept for runs of its own on parts: never more than a quarter of what the session may take."""
    given = {name: (getattr(limits, name), most) for name, most in asdict(PARTS).items()}
    return Share(
        **{name: most if limit is None else min(most, type(most)(limit / 4)) for name, (limit, most) in given.items()}
    )


def without_parts(limits: Limits) -> Limits:
    """The session's own share: what its parts may take is taken out before."""
    parts = for_parts(limits)
    return replace(
        limits,
        turns=None if limits.turns is None else limits.turns - parts.turns,
        tokens=None if limits.tokens is None else limits.tokens - parts.tokens,
        seconds=None if limits.seconds is None else limits.seconds - parts.seconds,
    )


def director_tools(production: Production) -> list[Tool]:
    """The tools of any session: making, the working cut, talking."""
    return [*making_tools(production), *cut_tools(production), *talk_tools(production)]


def film_of(production: Production, out: Path | None = None) -> Film | None:
    """The working cut, rendered (or found rendered) to `out`; None where there is no cut yet."""
    cut = read_cut(production.board)
    return render_cut(production, out) if cut is not None and cut.clips else None
