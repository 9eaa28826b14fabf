"""The processes that grade one job after another: a nursery, its checkers, and whoever hands them their jobs.

Nothing is imported here: the nursery is to know no more of the grader than a subject, which is a fork of a fork of it.
"""
