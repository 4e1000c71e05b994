"""What finishing the film would cost, in money and in seconds, against what may be spent: known before it is bought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rushes.agent.generator import Generator
from rushes.agent.paid import PaidGenerator
from rushes.agent.production import Production
from rushes.agent.shooting import request_for
from rushes.agent.tool import Tool, tool
from rushes.board.reads import Node
from rushes.board.spend import usd


@dataclass(frozen=True, kw_only=True)
class Need:
    """Takes to be made, and what they come to."""

    takes: int
    micro_usd: int  # millionths of a US dollar
    seconds: float | None  # of work; None: no take of this model was made yet


def estimating_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "estimate",
            "What finishing the film would cost in money and seconds, and whether the budget is enough. "
            "Ask before anything is shot.",
            {},
            (),
            lambda _: estimate(production),
        )
    ]


def estimate(production: Production) -> str:
    """The least that a film needs (a take for each shot without one), and the most that its settings allow."""
    shots = unshot(production)
    requests = [request_for(production, shot, 0, production.shooting_model) for shot in shots]
    least = need(production, requests)
    most = need(production, requests * production.settings.takes_per_shot)
    lines = [_told(production, least) if shots else "every shot has a take: nothing has to be shot"]
    if shots and most.takes > least.takes and (most.micro_usd or most.seconds):
        lines.append(f"if every shot needs its {production.settings.takes_per_shot} takes: {_told(production, most)}")
    totals = production.board.spend.totals()
    lines.append(f"spent so far: {usd(totals.micro_usd)}, {totals.seconds:.0f} s of work")
    return "\n".join(lines)


def check_budget(production: Production, requests: Sequence[Any]) -> None:
    """Raises ValueError, before anything is ordered, where these requests are more than may be spent."""
    wanted = need(production, requests)
    money, seconds = _left(production)
    too_dear = money is not None and wanted.micro_usd > money
    too_slow = seconds is not None and (wanted.seconds or 0.0) > seconds
    if too_dear or too_slow:
        raise ValueError(f"{_told(production, wanted)}; nothing was ordered. Say so to the user, or make fewer takes")


def need(production: Production, requests: Sequence[Any]) -> Need:
    model = production.shooting_model
    price = sum(model.price(request) for request in requests) if isinstance(model, PaidGenerator) else 0
    pace = _pace(production.board.nodes("take", model=model.capabilities.name), model)
    seconds = None if pace is None else sum(pace * _frames(request) for request in requests)
    return Need(takes=len(requests), micro_usd=price, seconds=seconds)


def unshot(production: Production) -> list[Node]:
    """Shots that nobody has made a take of."""
    shots = [shot for shot in production.shots() if shot.fields["source"] == "generated"]
    return [shot for shot in shots if not production.takes(shot.id)]


def _pace(takes: Iterable[Node], model: Generator) -> float | None:
    """Seconds of work for a frame, as takes so far have taken."""
    made = [take.fields for take in takes if take.fields.get("frames")]
    frames = sum(fields["frames"] for fields in made)
    return sum(fields["work_seconds"] for fields in made) / frames if frames else None


def _frames(request: Any) -> int:
    return max(1, round(request.seconds * request.fps))


def _left(production: Production) -> tuple[int | None, float | None]:
    """Micro-dollars and seconds that may still be spent; None: no cap."""
    cap, now = production.board.spend.cap(), production.board.spend.totals()
    money = None if cap.micro_usd is None else max(0, cap.micro_usd - now.micro_usd - now.reserved_micro_usd)
    seconds = None if cap.seconds is None else max(0.0, cap.seconds - now.seconds - now.reserved_seconds)
    return money, seconds


def _told(production: Production, wanted: Need) -> str:
    """Such as: needs $2.40 for 8 takes, $1.00 are left: not enough, it pays for 3."""
    money, seconds = _left(production)
    takes = f"{wanted.takes} take{'s' if wanted.takes != 1 else ''}"
    told = f"needs {usd(wanted.micro_usd)} for {takes}" if wanted.micro_usd else f"needs no money for {takes}"
    if wanted.seconds is not None:
        told += f" and about {wanted.seconds:.0f} s of work"
    if wanted.micro_usd and money is not None:
        told += f", {usd(money)} are left: "
        told += "enough" if wanted.micro_usd <= money else f"not enough, it pays for {_payable(wanted, money)}"
    if seconds is not None and wanted.seconds is not None:
        told += f", {seconds:.0f} s of work are left: {'enough' if wanted.seconds <= seconds else 'not enough'}"
    return told


def _payable(wanted: Need, money: int) -> int:
    """Takes of the usual price."""
    return money * wanted.takes // wanted.micro_usd
