"""Which model directs, and how one of this machine is asked."""

from pathlib import Path

import pytest

from rushes.agent.builtin.model import BuiltIn
from rushes.agent.choosing import BIG, choose_model, local_file, usual_way
from rushes.agent.models import ModelError


def test_without_a_name_it_is_the_built_in_director() -> None:
    assert isinstance(choose_model(None), BuiltIn)


def test_a_way_stands_behind_the_file() -> None:
    assert local_file("a/b.gguf") == (Path("a/b.gguf"), None)
    assert local_file("a/b.gguf:words") == (Path("a/b.gguf"), "words")
    assert local_file("C.GGUF:tools") == (Path("C.GGUF"), "tools")
    assert local_file("gpt-5:tools") == (None, None)


def test_small_files_reword_and_big_ones_choose_tools(tmp_path: Path) -> None:
    def sized(name: str, size: int) -> Path:
        with (tmp_path / name).open("wb") as file:
            file.truncate(size)  # no bytes are written
        return tmp_path / name

    assert usual_way(sized("small.gguf", BIG - 1)) == "words"
    assert usual_way(sized("big.gguf", BIG)) == "tools"
    sized("part-00002-of-00002.gguf", BIG)
    assert usual_way(sized("part-00001-of-00002.gguf", 9)) == "tools"


def test_what_is_no_such_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no GGUF file"):
        choose_model(str(tmp_path / "none.gguf:words"))
