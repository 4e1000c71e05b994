"""What the user says on the desk, said a second time by other people. Not to be read by who works on the built-in
director: it is measured on these words because it has never seen them.

Each file holds, by task, the user's words turn by turn, as formats over the task's facts.
"""

from rushes.desk.second.defects import DEFECTS
from rushes.desk.second.edit import EDIT
from rushes.desk.second.make import MAKE
from rushes.desk.second.talk import REMARKS, TALK
from rushes.desk.second.text import TEXT
from rushes.desk.second.trust import TRUST

__all__ = ["REMARKS", "WISHES"]

WISHES: dict[str, tuple[str, ...]] = MAKE | TEXT | EDIT | DEFECTS | TALK | TRUST  # by the id of the task
