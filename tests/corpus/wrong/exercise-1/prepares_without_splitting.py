# fails: test_prepare_data_shapes
# says: must return four arrays
def prepare_data(images, targets):
    return images.reshape(-1, 784) / 255.0, targets
