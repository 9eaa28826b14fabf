"""What may pass between the grader and a subject: a closed set of plain values, in frames of bounded size.

Nothing that executes can be written in this format, and nothing in it names code to run. The subject's side imports
this room, `records` and `errors`, and nothing else of the grader.
"""

from grader.protocol.frames import REQUEST_BYTES, Channel, Closed, Frame, Kind
from grader.protocol.values import KerasValue, Opaque, decode, encode

__all__ = ["REQUEST_BYTES", "Channel", "Closed", "Frame", "KerasValue", "Kind", "Opaque", "decode", "encode"]
