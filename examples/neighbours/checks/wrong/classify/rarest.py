# fails: test_majority, test_majority_of_several
# says: least often
def majority(labels):
    return min(sorted(set(labels), reverse=True), key=labels.count)
