# fails: test_majority_of_several
# says: smallest
def majority(labels):
    return max(labels, key=labels.count)
