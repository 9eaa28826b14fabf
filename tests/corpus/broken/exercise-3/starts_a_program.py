# fails: dense_parameter_count
# says: PermissionError


def dense_parameter_count(inputs, units):
    import subprocess

    return subprocess.run(["ls"], check=False).returncode
