"""A real small language model plans and directs films through the OpenAI-compatible adapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from cut_making import FPS, footage, production
from local_model import fetch_weights, serving

from rushes.agent.cut.document import need_cut
from rushes.agent.directing import director_tools
from rushes.agent.events import replay_events
from rushes.agent.film import make_film
from rushes.agent.interpreter.model import Interpreted
from rushes.agent.openai_model import OpenAIConfig, OpenAIModel
from rushes.agent.session import Session
from rushes.generate.animatic import Animatic
from rushes.media.probe import probe

pytestmark = pytest.mark.slow
WEIGHTS = Path.home() / ".cache" / "rushes" / "models"


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    pytest.importorskip("xllamacpp", reason="install the extra `local`")
    with serving(fetch_weights(WEIGHTS)) as url:
        yield url


@pytest.mark.parametrize("uses_tools", [False, True], ids=["one decision", "tools"])
def test_it_makes_a_film(base_url: str, tmp_path: Path, uses_tools: bool) -> None:
    model = OpenAIModel(OpenAIConfig(model="qwen", base_url=base_url, uses_tools=uses_tools, timeout=600))
    made = make_film(
        "A lonely robot in the city longs for a friend",
        project_folder=tmp_path / "project",
        out=tmp_path / "film.mp4",
        seconds=12,
        width=320,
        height=180,
        fps=12,
        shooting_model=Animatic(),
        language_model=model,
    )
    about = probe(made.path)
    assert (about.frames, about.has_sound) == (144, True)
    happened = list(replay_events(tmp_path / "project" / "events.jsonl"))
    planned = [event for event in happened if event.type == "planned"][-1]
    assert any("robot" in shot["text"] for shot in planned.shots)
    spoken = [event for event in happened if event.type == "model_replied"]
    assert spoken and all(event.completion_tokens > 0 for event in spoken)
    if not uses_tools:
        assert planned.planner == "qwen"


def test_it_rewords_for_the_built_in_director(base_url: str, tmp_path: Path) -> None:
    files = [footage(tmp_path / "given", n, 2 * FPS, name=name) for n, name in enumerate(("fox.mp4", "owl.mp4"))]
    made = production(tmp_path, files)
    small = OpenAIModel(OpenAIConfig(model="qwen", base_url=base_url, uses_tools=False, timeout=600))
    session = Session(made, Interpreted(small), tools=director_tools(made))
    session.say("Put fox.mp4 and owl.mp4 one after the other.")
    session.say("The owl, pah, whoever needs two seconds of that? One is heaps.")
    assert [clip.seconds for clip in need_cut(made.board).clips] == [2.0, 1.0]
