"""Shooting: takes of a shot as durable steps, judged, shot again where they fall short, the best one chosen."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from rushes.agent import critic
from rushes.agent import events as happened
from rushes.agent.critic import Verdict
from rushes.agent.generator import Generator, ShotRequest, take_fps, take_size
from rushes.agent.making_cast import IDENTITY, measure_identity
from rushes.agent.paid import PaidGenerator
from rushes.agent.production import Production, digest, set_shot, shot_scene
from rushes.agent.rewriter import rewrite_prompt
from rushes.board.jobs import Job, StepResult
from rushes.board.operations import CreateNode, SetFields
from rushes.board.reads import Node
from rushes.board.spend import Estimate
from rushes.media.decode import frames as decoded_frames
from rushes.media.encode import write_video

TAKE_CRF = 12  # x264 quality of takes: the film's own pass should lose nothing that can be seen


def request_for(production: Production, shot: Node, attempt: int, model: Generator) -> ShotRequest:
    """What the model is asked for at an attempt (0, 1, ...); the same attempt is the same request."""
    settings, about = production.settings, model.capabilities
    scene = shot_scene(shot)
    width, height = take_size(about, *production.frame())
    fps = take_fps(about, settings.fps)
    shortest, longest = about.seconds
    wanted = float(shot.fields["extra"]["take_seconds"])
    world = production.shooting_model.capabilities.world
    prompt = shot.fields.get("prompt", "")
    if scene is not None:
        prompt = rewrite_prompt(prompt, scene, world=world, attempt=attempt)
    name = shot.fields["extra"]["id"]
    seed = hashlib.sha256(f"{settings.seed}|{name}|{attempt}".encode()).digest()
    return ShotRequest(
        prompt=prompt,
        scene=scene,
        seconds=min(max(wanted, shortest), longest),
        width=width,
        height=height,
        fps=fps,
        seed=int.from_bytes(seed[:4], "big") >> 1,
    )


def shoot(production: Production, shot: Node, attempt: int, model: Generator, *, animatic: bool = False) -> Node:
    """One take of a shot, on the board. A take with the same inputs that was made before is found, not made again.

    Raises what the model's `check` and `generate` raise.
    """
    request = request_for(production, shot, attempt, model)
    return shoot_request(production, shot, request, model, animatic=animatic)


def shoot_request(
    production: Production, shot: Node, request: ShotRequest, model: Generator, *, animatic: bool = False
) -> Node:
    """As `shoot`, of what is asked for here."""
    model.check(request)
    stage = "animatic" if animatic else "shoot"
    inputs = _key(request, model)
    found = _made(production, shot, request, model, inputs, stage)
    take = _on_board(production, shot, request, found, inputs, stage)
    if found.ran and not animatic:
        production.made_now += 1
    production.events.send(
        happened.TakeMade(
            shot=shot.id,
            take=take.id,
            model=inputs["model"],
            seed=request.seed,
            work_seconds=found.value["work_seconds"],
            again=not found.ran,
        )
    )
    return take


def _key(request: ShotRequest, model: Generator) -> dict[str, Any]:
    """What a take is found by: all that its picture follows from."""
    key = {
        "model": model.capabilities.name,
        "prompt": request.prompt,
        "scene": request.scene.to_dict() if request.scene is not None else None,
        "seconds": request.seconds,
        "size": [request.width, request.height],
        "fps": request.fps,
        "seed": request.seed,
    }
    if request.image is not None:
        key["image"] = hashlib.sha256(request.image.tobytes()).hexdigest()
    return key


def _made(
    production: Production, shot: Node, request: ShotRequest, model: Generator, inputs: dict[str, Any], stage: str
) -> StepResult:
    """The clip, as a durable step; a paid one is ordered once."""
    paid = model if isinstance(model, PaidGenerator) else None

    def work(job: Job) -> dict[str, Any]:
        def progress(done: float) -> None:
            production.events.send(happened.Progress(stage=stage, done=done, what=shot.id))

        more: dict[str, Any] = {"order": job} if paid is not None else {}
        made = model.generate(request, progress=progress, cancelled=production.cancelled, **more)
        path = write_video(job.scratch() / "take.mp4", made.frames, made.fps, crf=TAKE_CRF)
        job.attach("video", path)
        height, width = made.frames.shape[1:3]
        return {
            "frames": len(made.frames),
            "fps": float(made.fps),
            "width": int(width),
            "height": int(height),
            "parameters": dict(made.parameters),
            "work_seconds": float(made.work_seconds),
        }

    price = Estimate(micro_usd=paid.price(request)) if paid is not None else None
    name = inputs["model"]
    return production.step("take", inputs, work, node=shot.id, model=name, paid=paid is not None, estimate=price)


def _on_board(
    production: Production, shot: Node, request: ShotRequest, found: StepResult, inputs: dict[str, Any], stage: str
) -> Node:
    """The take of a clip, put there once; one that was taken back is there again."""
    value = found.value
    fields: dict[str, Any] = {
        "prompt": request.prompt,
        "model": inputs["model"],
        "seed": request.seed,
        "parameters": value["parameters"] | {"scene": inputs["scene"]},
        "micro_usd": found.micro_usd,
        "work_seconds": value["work_seconds"],
        "job": found.job,
        "seconds": value["frames"] / value["fps"],
        "fps": value["fps"],
        "width": value["width"],
        "height": value["height"],
        "frames": value["frames"],
        "extra": {"animatic": stage == "animatic", "asked_seconds": request.seconds},
    }
    receipt = production.board.apply(
        CreateNode(
            kind="take",
            fields=fields,
            blobs={"video": found.blobs["video"]},
            links=(("made_from", shot.id),),
            literal=True,
        ),
        by="agent",
        note=f"{stage} {shot.id}",
        once=f"take-{shot.id}-{found.key}",
    )
    id = next(node for node in receipt.created if node.startswith("take-"))
    if receipt.repeated and all(other.id != id for other in production.board.nodes("take")):
        production.board.redo(receipt.entry, by="agent")  # it was taken back, and is asked for again
    return production.board.node(id)


def judge_take(production: Production, shot: Node, take: Node) -> Verdict:
    """The critic's verdict on a take, put on the board with its reasons."""
    scene = shot_scene(shot)
    path = production.board.blob_path(take.blobs["video"])
    read_out = production.read_out
    asked = float(take.fields["extra"]["asked_seconds"])
    inputs = {
        "take": take.blobs["video"],
        "scene": scene.to_dict() if scene is not None else None,
        "seconds": asked,
        "threshold": production.settings.threshold,
        "read_out": read_out.name if read_out is not None else "",
        "version": critic.VERSION,
    }

    def work(_: Job) -> dict[str, Any]:
        width = min(int(take.fields["width"]), critic.MEASURED_WIDTH)
        frames = list(decoded_frames(path, width=width))
        verdict = critic.judge(
            frames,
            float(take.fields["fps"]),
            scene,
            seconds=asked,
            read_out=read_out,
            threshold=production.settings.threshold,
        )
        return asdict(verdict)

    data = production.step("judge", inputs, work, node=take.id).value
    verdict = Verdict(**{**data, "reasons": tuple(data["reasons"])})
    production.board.apply(
        SetFields(
            id=take.id,
            fields={
                "score": verdict.score,
                "scores": verdict.parts,
                "verdict": "accepted" if verdict.accepted else "rejected",
                "reasons": list(verdict.reasons),
            },
        ),
        by="agent",
        note=f"critique of {take.id}",
    )
    production.events.send(
        happened.TakeJudged(
            shot=shot.id,
            take=take.id,
            score=verdict.score,
            accepted=verdict.accepted,
            reasons=list(verdict.reasons),
        )
    )
    return verdict


def choose_take(production: Production, shot: str, take: str, reason: str) -> None:
    """Puts a take into the film, with the reason."""
    fields = production.board.node(take).fields
    accepted = fields.get("verdict") != "rejected"
    set_shot(
        production,
        shot,
        f"choose {take}",
        chosen=take,
        status="done" if accepted else "fell_short",
        reasons=[reason, *fields.get("reasons", [])],
    )
    score = float(fields.get("score", 0.0))
    production.events.send(happened.TakeChosen(shot=shot, take=take, score=score, reason=reason))


def shoot_all(production: Production) -> None:
    """Every generated shot until it is good enough or the budget is spent; then the best take of each is chosen.

    First each shot gets one take, so that there is a film whatever happens; then the worst is shot again first.
    A shot that a person or a language model has chosen a take for is left as it is.
    """
    settings, model = production.settings, production.shooting_model
    shots = [shot for shot in production.shots() if shot.fields["source"] == "generated"]
    for shot in shots:  # before anything is made: a shot that can't be made stops the film here
        model.check(request_for(production, shot, 0, model))
    budget = settings.max_takes if settings.max_takes is not None else settings.takes_per_shot * len(shots)
    tried: dict[str, dict[str, float]] = {}  # shot -> take -> score, in order of making
    over: dict[str, str] = {}  # shot -> why it is not shot again
    work = 0.0
    for shot in shots:
        if shot.fields.get("chosen") and shot.fields.get("extra", {}).get("held"):
            continue
        take, score = _attempt(production, shot, 0)
        tried[shot.id] = {take.id: score}
        work += float(take.fields["work_seconds"])
    while True:
        spent = sum(len(takes) for takes in tried.values())
        short = [
            shot
            for shot in shots
            if shot.id in tried
            and shot.id not in over
            and max(tried[shot.id].values()) < settings.threshold
            and len(tried[shot.id]) < settings.takes_per_shot
        ]
        if not short or spent >= budget:
            break
        if settings.max_work_seconds is not None and work >= settings.max_work_seconds:
            break
        shot = min(short, key=lambda each: (len(tried[each.id]), max(tried[each.id].values())))
        take, score = _attempt(production, shot, len(tried[shot.id]))
        blobs = [production.board.node(other).blobs["video"] for other in tried[shot.id]]
        if take.id in tried[shot.id] or take.blobs["video"] in blobs:
            over[shot.id] = "another seed gives the same take"
        else:
            tried[shot.id][take.id] = score
            work += float(take.fields["work_seconds"])
    for shot in shots:
        if shot.id in tried:
            _choose_best(production, shot, tried[shot.id], over.get(shot.id, ""))


def _attempt(production: Production, shot: Node, attempt: int) -> tuple[Node, float]:
    take = shoot(production, shot, attempt, production.shooting_model)
    score = judge_take(production, shot, take).score
    seen = measure_identity(production, shot, take)
    return take, score if seen is None or seen[0] >= IDENTITY else min(score, seen[0])


def _choose_best(production: Production, shot: Node, scores: dict[str, float], why_over: str) -> None:
    best = max(scores, key=lambda take: scores[take])
    many = f"the best of {len(scores)} takes" if len(scores) > 1 else "the only take"
    good = scores[best] >= production.settings.threshold
    reason = f"{many}, score {scores[best]:.2f}"
    if not good:
        reason += f", under {production.settings.threshold:g}; " + (why_over or "its budget of takes is spent")
    chosen = production.board.node(shot.id).fields.get("chosen")
    if chosen != best:
        choose_take(production, shot.id, best, reason)
    if not good:
        shown = "; ".join(production.board.node(best).fields.get("reasons", [])[:2])
        production.note(f"{shot.id} fell short: {reason}. {shown}", role="critique", about=shot.id)


def shoot_animatic(production: Production, model: Generator) -> None:
    """A rough take of each shot, straight from the plan, to check timing and staging before the film is shot."""
    for shot in production.shots():
        if shot.fields["source"] != "generated":
            continue
        take = shoot(production, shot, 0, model, animatic=True)
        verdict = judge_take(production, shot, take)
        if not verdict.accepted:
            text = f"the staging of {shot.id} is doubtful: {'; '.join(verdict.reasons[:2])}"
            production.note(text, role="warning", about=shot.id, once=f"staging-{digest([shot.id, verdict.parts])}")
