# fails: test_prepare_data_shapes
# says: at a fixed number
def prepare_data(images, targets):
    flat = images.reshape(-1, 784) / 255.0
    return flat[:48000], flat[48000:], targets[:48000], targets[48000:]
