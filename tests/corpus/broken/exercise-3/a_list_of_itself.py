# fails: dense_parameter_count
# says: nested too deep


def dense_parameter_count(inputs, units):
    answer = []
    answer.append(answer)
    return answer
