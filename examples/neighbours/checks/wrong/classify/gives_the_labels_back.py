# fails: test_predict_own
# says: you were given
def predict_own(points, labels):
    return labels
