# fails: dense_parameter_count
# says: SystemExit


def dense_parameter_count(inputs, units):
    import sys

    sys.exit("bye")
