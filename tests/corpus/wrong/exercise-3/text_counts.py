# fails: test_dense_parameter_count_chapter
# says: returned a string
# says: without quotation marks
def dense_parameter_count(inputs, units):
    return f"{inputs * units + units:,}"
