# fails: test_split_validation_samples
# says: not shuffled
def split_validation(inputs, targets):
    cut = int(len(inputs) * 0.8)
    return inputs[:cut], inputs[cut:], targets[:cut], targets[cut:]
