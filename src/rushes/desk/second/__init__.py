"""What the user says on the desk, said a second time by other people. Not to be read by who works on the built-in
director: it is measured on these words because it has never seen them.

Each file holds, by task, the user's words turn by turn, as formats over the task's facts.
"""
