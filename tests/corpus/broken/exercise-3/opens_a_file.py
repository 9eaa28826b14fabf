# fails: dense_parameter_count
# says: PermissionError


def dense_parameter_count(inputs, units):
    return len(open("/etc/passwd").read())
