"""Capture once, try everywhere: a run's request tape, and what it foresees of the same script on other boards.

>>> from omvsim.tape import Courses
>>> courses = Courses(lambda board, camera: ScriptSession(board, script, options, camera=camera))
>>> courses.on(board).verdict, courses.on(board.with_values({"gc[2].size": "2M"})).longest_free
"""

from omvsim.tape._capture import RecordedCamera, capture, outside
from omvsim.tape._courses import Courses, Foreseen
from omvsim.tape._loop import run_loop
from omvsim.tape._player import Collected, Heard, Player, Point, Refused
from omvsim.tape._tape import Diverged, Op, Operand, Outside, Tape, Where

__all__ = [
    "Courses",
    "Foreseen",
    "capture",
    "run_loop",
    "outside",
    "Outside",
    "RecordedCamera",
    "Player",
    "Heard",
    "Collected",
    "Refused",
    "Point",
    "Tape",
    "Diverged",
    "Op",
    "Operand",
    "Where",
]
