"""All that the board knows of the shots, the sounds, the plan or the films of a project, a line each: what a director
reads before it answers a question. Reading changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from rushes.agent.cut.document import cut_node
from rushes.agent.cut.undoing import last_edit
from rushes.agent.plan import Plan, plan_from_dict
from rushes.board.board import Board
from rushes.board.reads import Node

MOST_REASONS = 2  # of a take
LONGEST = 120  # characters of a shot's words, and of a reason


def details(board: Board, of: str) -> str:
    """of: one of OF. Raises ValueError for others."""
    if of not in OF:
        raise ValueError(f"nothing is known of {of!r}; ask for one of {', '.join(OF)}")
    return "\n".join(OF[of](board)) or f"no {of} yet"


def _shots(board: Board) -> Iterator[str]:
    """Each shot with who is in it, and its takes with what the critic said."""
    takes = {take.id: take for take in board.nodes("take")}
    for shot in board.nodes("shot"):
        fields = shot.fields
        yield f"{shot.id} {fields.get('seconds', 0.0):.3f} s {fields['source']}: {_short(fields.get('text', ''))}"
        if scene := fields.get("scene"):
            who = ", ".join(_looks(actor) for actor in scene["cast"]) or "nobody"
            yield f"  in it: {who}; {scene['set']}, {scene['light']}, {scene['weather']}"
        for id in shot.linked_from("made_from", "take"):
            if not takes[id].fields.get("extra", {}).get("animatic"):
                yield f"  {_take(takes[id])}"


def _looks(actor: dict[str, Any]) -> str:
    """Such as: a striped red fox with a hat."""
    words = [actor["color"], actor["kind"]]
    words = words if actor["pattern"] == "plain" else [actor["pattern"], *words]
    worn = "" if actor["accessory"] == "none" else f" with {actor['accessory']}"
    return f"{' '.join(words)}{worn}"


def _take(take: Node) -> str:
    fields = take.fields
    reasons = "; ".join(_short(reason) for reason in fields.get("reasons", [])[:MOST_REASONS])
    judged = f" {fields['score']:.2f}" if "score" in fields else ""
    line = f"{take.id} by {fields['model']}:{judged} {fields.get('verdict', 'unjudged')}"
    return line + (f": {reasons}" if reasons else "")


def _sounds(board: Board) -> Iterator[str]:
    plan = newest_plan(board)
    for sound in board.nodes("sound"):
        fields, label = sound.fields, sound.fields.get("label") or "sound"
        set_for = fields.get("parameters", {})
        mood = set_for.get("mood", "") or (_bed(board, plan) if label == "bed" and plan is not None else "")
        spoken = f' says "{_short(fields["prompt"])}"' if label == "voice" and fields.get("prompt") else ""
        yield f"{sound.id} {label}{f', {mood}' if mood else ''}{spoken}"


def _bed(board: Board, plan: Plan) -> str:
    """The mood of the planned music, or the one that was chosen later."""
    return str(board.nodes("brief")[-1].fields["options"].get("bed", {}).get("mood", plan.bed))


def newest_plan(board: Board) -> Plan | None:
    """Of the film that is worked on; None where nothing was planned."""
    briefs = board.nodes("brief")
    planned = briefs[-1].fields.get("options", {}).get("plan") if briefs else None
    return plan_from_dict(planned) if planned else None


def _plan(board: Board) -> Iterator[str]:
    """The planned film as a timeline lists the cut one: shots in the places of clips."""
    plan = newest_plan(board)
    if plan is None:
        return
    brief = board.nodes("brief")[-1]
    shots = [shot for shot in board.nodes("shot") if brief.id in shot.linked("made_from", "brief")]
    lines: list[str] = []
    at = 0.0
    for number, shot in enumerate(shots, 1):
        extra = shot.fields["extra"]
        seconds, fade = extra["frames"] / plan.fps, extra["fade_frames"] / plan.fps
        fade = fade if number < len(shots) else 0.0
        takes = shot.linked_from("made_from", "take")
        shown = shot.fields.get("chosen") or (takes[-1] if takes else "")
        words = [shown, f"of {shot.id}", f"fade {fade:.3f}" if fade else ""]
        lines.append(f"{shot.id} {at:.3f}-{at + seconds:.3f} {' '.join(word for word in words if word)}")
        at += seconds - fade
    rendered = any(brief.id in film.linked("made_from", "brief") for film in board.nodes("film"))
    head = f"plan {brief.fields['aspect'].replace(':', 'x')} {plan.fps:g} fps, {at:.3f} s"
    yield head + (", rendered" if rendered else "")
    yield from lines
    by_hand = [node.fields for node in board.nodes("title") if brief.id in node.linked("about", "brief")]
    planned = [vars(text) for text in plan.texts if text.place not in {text["place"] for text in by_hand}]
    for number, text in enumerate([*planned, *by_hand], 1):
        told = " / ".join(text["text"].splitlines())
        yield f'title-{number} {text["start"]:.3f}-{text["end"]:.3f} {text["place"]} "{told}"'
    given = any(sound.fields.get("label") == "music" for sound in board.nodes("sound"))
    yield f"sound-1 0.000-{at:.3f} {'music' if given else f'bed, {_bed(board, plan)}'}"


def _films(board: Board) -> Iterator[str]:
    """Rendered films, the newest last, and whether the film was changed since."""
    cut, films = cut_node(board), board.nodes("film")
    for film in films:
        fields = film.fields
        since = cut is not None and last_edit(board).number > board.history(film.id)[0].number
        state = "changed since" if film != films[-1] or since else "as the film is now"
        size = f"{fields['width']}x{fields['height']}"
        yield f"{film.id} {fields['seconds']:.3f} s {size}, {state}: {fields.get('path') or 'kept in the project only'}"
        yield f"  {_measured(fields.get('measurements', {}))}"
    yield f"project: {board.folder}"


def _measured(found: dict[str, Any]) -> str:
    """Such as: -14.0 LUFS, peak -4.5 dBTP; black: 0.000-0.500; falls short: it has no sound."""
    loud = found.get("loudness")
    parts = ["no sound" if loud is None else f"{loud} LUFS, peak {found['true_peak']} dBTP"]
    for name in ("black", "frozen"):
        spans = " ".join(f"{start:.3f}-{end:.3f}" for start, end in found.get(name, []))
        parts += [f"{name}: {spans}"] if spans else []
    parts += [f"falls short: {problem}" for problem in found.get("falls_short", [])]
    return "; ".join(parts)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


OF: dict[str, Callable[[Board], Iterator[str]]] = {"shots": _shots, "sounds": _sounds, "plan": _plan, "films": _films}
