"""The third wording: every task of the desk once more, as quite different people would type it into a chat.

Written without reading the built-in director or the second wording, and unread by who builds the director: what it
scores here is what it makes of people it has never met. The braces are facts of the task (`Task.facts`).
"""

from rushes.desk.third.defects import DEFECTS
from rushes.desk.third.edit import EDIT
from rushes.desk.third.make import MAKE
from rushes.desk.third.talk import REMARKS, TALK
from rushes.desk.third.text import TEXT
from rushes.desk.third.trust import TRUST

__all__ = ["REMARKS", "WISHES"]

WISHES: dict[str, tuple[str, ...]] = MAKE | TEXT | EDIT | DEFECTS | TALK | TRUST  # by the id of the task
