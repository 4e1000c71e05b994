"""The tools of the context, recall, pictures in history, and a keeper that uses nothing else."""

from pathlib import Path

import numpy as np
import pytest
from context_logs import film_log
from PIL import Image

from rushes.agent.context.entry import count_tokens
from rushes.agent.context.housekeeping import Housekeeper, recalling, tidying
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.messages import make_entry
from rushes.agent.context.pictures import THUMBNAIL, remember
from rushes.agent.context.quotes import quotes
from rushes.agent.context.recall import mentions
from rushes.agent.context.rules import SelfManaged, Window
from rushes.agent.context.terms import corrects, instructs, names, terms
from rushes.agent.context.tools import context_tools
from rushes.agent.tool import Answer, check_arguments
from rushes.board.board import Board


def story() -> Ledger:
    ledger = Ledger()
    told = (
        ("user", "A film about a fox and a boat."),
        ("tool", "cast: the fox Rusk wears a red scarf and carries a lantern"),
        ("assistant", "The boat is painted teal."),
        ("tool", "script page 4: the one with the lantern sings at the pier"),
        ("board", "clip-7 was moved to the harbour"),
        ("tool", "the boat leaks"),
    )
    for number, (kind, text) in enumerate(told, 1):
        ledger.add(make_entry(number=number, turn=1, kind=kind, text=text, tool="read" if kind == "tool" else ""))
    for number in range(7, 40):
        ledger.add(make_entry(number=number, turn=2, kind="assistant", text=f"Frame {number} is sharp and well lit."))
    ledger.messages(Window(entries=8), 550, now=0.0)
    return ledger


def test_terms_meet_across_forms_and_keep_ids_and_numbers() -> None:
    assert terms("The foxes of clip-3 were running for 2.5 s") == ("fox", "clip-3", "run", "2.5", "s")
    assert set(terms("painted")) == set(terms("paints")) == set(terms("painting"))
    assert names('We meet Rusk in "HIGH TIDE" on clip-3') == {"rusk", "high tide", "clip-3"}
    assert corrects("No, make it green") and not corrects("The fox is green")
    assert instructs("Never show the logo") and not instructs("The logo is shown")


def test_search_finds_by_words_and_by_what_they_link_to() -> None:
    ledger = story()
    said = [entry for entry in ledger.entries if entry.kind != "user"]
    assert quotes(said, "boat painted", 22) == ({"e3": "e3 (assistant, turn 1): The boat is painted teal."}, [])
    assert {"e2", "e4"} <= set(quotes(said, "What does Rusk do?", 120)[0])  # e4 names no Rusk: the lantern links them
    assert mentions(ledger.entries, "boat")[0].id == "e1"
    assert quotes(said, "accounting", 1000) == ({}, [])


def test_what_can_be_read_is_named_and_not_quoted() -> None:
    entries = story().entries
    found, known = quotes(entries, "How is the boat painted?", 1000, shown=[entries[2]])
    assert known == ["e3"] and "e3" not in found and "e6" in found


def test_what_is_said_twice_is_quoted_once_and_no_more_than_there_is_room_for() -> None:
    rows = [f"shot-{n} sits at -{n + 10}.5 LUFS" for n in range(1, 60)]
    texts = ["measured\n" + "\n".join(rows), "measured again\n" + "\n".join(rows)]
    log = [make_entry(number=n, turn=n, kind="tool", tool="measure", text=text) for n, text in enumerate(texts, 1)]
    for room in (40, 200):
        found, _ = quotes(log, "How loud is shot-7?", room)
        text = "\n".join(found.values())
        assert text.count("shot-7 sits") == 1
        assert count_tokens(text) <= room


def test_recall_brings_back_by_id_words_and_first_appearance() -> None:
    ledger = story()
    tools = {tool.spec.name: tool for tool in context_tools(ledger)}

    def recall(**arguments) -> str:
        check_arguments(tools["recall"].spec, arguments)
        answer = tools["recall"].run(arguments)
        assert isinstance(answer, Answer)
        return answer.text

    assert not ledger.in_context("e2")
    assert recall(ids=["[e2]"]) == "e2 (tool read, turn 1): cast: the fox Rusk wears a red scarf and carries a lantern"
    assert "the boat leaks" in recall(words="boat leak")
    assert recall(first="Rusk").startswith("e2 (")
    for arguments, match in (
        ({}, "needs ids, words"),
        ({"ids": ["e400"]}, "search with words"),
        ({"first": "Ophelia"}, "nothing in the log mentions"),
        ({"words": "accounting"}, "try other words"),
        ({"ids": ["e1"]}, "in your context already"),
    ):
        with pytest.raises(ValueError, match=match):
            recall(**arguments)
    assert next(slot.recalls for slot in ledger.slots if slot.id == "e2") >= 2
    ledger.budget = ledger.used + 10
    with pytest.raises(ValueError, match=r"tokens and \d+ are left"):
        recall(ids=["e2", "e3", "e4", "e5"])


def test_a_long_find_comes_as_the_lines_that_meet_the_words() -> None:
    ledger = Ledger()
    for entry in film_log(turns=12):
        ledger.add(entry)
    ledger.messages(SelfManaged(), 900, now=0.0)
    tools = {tool.spec.name: tool for tool in context_tools(ledger)}
    answer = tools["recall"].run({"words": "what is painted in shot-3"})
    assert isinstance(answer, Answer)
    assert "of shot-3 is painted" in answer.text
    look = ledger.entry("e13")
    assert f"{look.id} (tool look, turn 3, lines):" in answer.text
    assert look.text not in answer.text


def test_answers_of_tools_tell_what_is_freed_and_rebilled() -> None:
    ledger = Ledger()
    for entry in film_log(turns=4):
        ledger.add(entry)
    ledger.messages(SelfManaged(), 1300, now=0.0)
    tools = {tool.spec.name: tool for tool in context_tools(ledger)}
    for name in ("drop", "shrink", "pin", "note"):
        with pytest.raises(ValueError, match="needs"):
            check_arguments(tools[name].spec, {})
    freed = sum(ledger.weight_of([entry.id]) for entry in ledger.group(ledger.entry("e13")))
    answer = tools["drop"].run({"ids": ["e13"]})
    assert isinstance(answer, str)
    assert f"frees {freed} tokens" in answer
    assert "a call goes with its results" in answer
    assert "re-bills" in answer
    assert tools["note"].run({"text": "done with shot-3"}).startswith("noted as n1")
    assert "re-billed" in tools["pin"].run({"ids": ["n1"]})


def test_pictures_become_caption_hash_and_thumbnail_and_come_back(tmp_path: Path) -> None:
    with Board.open(tmp_path / "project") as board:
        frame = np.full((90, 160, 3), 200, np.uint8)
        picture = remember(board, np.kron(frame, np.ones((4, 4, 1), np.uint8)), "a fox on a pier")
        assert picture.tokens == -(-640 * 360 // 750)
        with Image.open(board.blob_path(picture.thumbnail)) as small:
            assert max(small.size) == THUMBNAIL
        Image.fromarray(frame).save(tmp_path / "still.png")
        assert remember(board, tmp_path / "still.png", "a wall").blob != picture.blob
        with pytest.raises(ValueError, match="needs a caption"):
            remember(board, frame, " ")
    ledger = Ledger()
    ledger.add(make_entry(number=1, turn=1, kind="user", text="Look."))
    shown = make_entry(number=2, turn=1, kind="tool", text="frame at 2 s\n" * 20, tool="look", pictures=(picture,))
    ledger.add(shown)
    ledger.messages(SelfManaged(), 4000, now=0.0)
    assert ledger.pictures == (picture,)
    assert ledger.used > picture.tokens
    ledger.add(make_entry(number=3, turn=1, kind="assistant", text="A fox."))
    assert ledger.pictures == ()
    assert f"[picture {picture.blob[:8]}: a fox on a pier]" in ledger.messages(SelfManaged(), 4000, now=0.0)[1].content
    assert shown.short.startswith(f"[picture {picture.blob[:8]}: a fox")
    tools = {tool.spec.name: tool for tool in context_tools(ledger)}
    tools["drop"].run({"ids": ["e2"]})
    ledger.messages(SelfManaged(), 4000, now=0.0)
    answer = tools["recall"].run({"words": "fox pier"})
    assert isinstance(answer, Answer)
    assert answer.pictures == (picture,)


def test_the_housekeeper_stays_within_a_quarter_and_finds_what_it_let_go() -> None:
    log = film_log(turns=24)
    whole = sum(entry.costs[0] for entry in log)
    ledger = Ledger()
    keeper = Housekeeper(ledger, whole // 4)
    for entry in log:
        keeper.see(entry)
        if not entry.calls:
            ledger.settle(SelfManaged())
            assert ledger.used <= whole // 4
    truth = next(line for line in log[12].text.splitlines() if "painted" in line)
    assert truth not in "\n".join(entry.text for entry in ledger.shown)
    keeper.ask("What is painted in shot-3?")
    messages = ledger.messages(SelfManaged(), whole // 4, now=0.0)
    assert truth in "\n".join(message.content for message in messages)
    assert {edit for entry in ledger.entries for edit in (entry.tool,)} >= {"drop", "recall"}


def test_the_housekeeper_leaves_a_context_alone_that_has_room() -> None:
    ledger = Ledger()
    for entry in film_log(turns=3):
        ledger.add(entry)
    ledger.budget = 20_000
    assert tidying(ledger) == []


def test_the_housekeeper_pins_what_a_person_laid_down() -> None:
    ledger = Ledger()
    keeper = Housekeeper(ledger, 2000)
    keeper.see(make_entry(number=900, turn=1, kind="board", text="note added: never show the logo", id="e900"))
    for entry in film_log(turns=12):
        keeper.see(entry)
    assert ledger.pinned("e900")
    assert ledger.is_whole("e900")


def test_who_is_called_by_what_stands_beside_the_name_is_found_in_one_search() -> None:
    ledger = Ledger()
    for number, text in enumerate(
        ("shot-7, where: the old pier", "shot-7 sits at -20.9 LUFS", "shot-2 sits at -14.0 LUFS", "the old one is wet"),
        1,
    ):
        ledger.add(make_entry(number=number, turn=1, kind="tool", text=text, tool="measure"))
    found = recalling(ledger, "How loud is it at the pier?")
    assert found == [("recall", {"words": "How loud is it at the pier?"}), ("recall", {"standing": True})]
    assert set(quotes(ledger.entries, "How loud is it at the pier?", 40)[0]) <= {"e1", "e2"}


def test_a_forked_housekeeper_leaves_no_trace() -> None:
    keeper = Housekeeper(Ledger(), 1500)
    for entry in film_log(turns=12):
        keeper.see(entry)
    before = [entry.id for entry in keeper.ledger.entries]
    other = keeper.fork()
    other.ask("What is painted in shot-2?")
    assert len(other.ledger.entries) > len(before)
    assert [entry.id for entry in keeper.ledger.entries] == before
