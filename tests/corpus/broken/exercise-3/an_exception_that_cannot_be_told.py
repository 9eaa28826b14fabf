# fails: dense_parameter_count
# says: Odd


def dense_parameter_count(inputs, units):
    class Odd(Exception):
        def __str__(self):
            raise self


    raise Odd
