# fails: relu
# says: relu must return a NumPy array
def relu(z):
    return [max(0, v) for v in z]
