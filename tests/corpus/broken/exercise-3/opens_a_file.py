# fails: dense_parameter_count
# says: sees no files but its own


def dense_parameter_count(inputs, units):
    return len(open("/etc/passwd").read())
