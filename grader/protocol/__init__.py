"""What may pass between the grader and a subject: a closed set of plain values, in frames of bounded size.

Nothing that executes can be written in this format, and nothing in it names code to run. The subject's side imports
this room, `records` and `errors`, and nothing else of the grader. `frames` needs no NumPy, `values` does, so neither is
imported here.
"""
