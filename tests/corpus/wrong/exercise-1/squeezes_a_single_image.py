# fails: test_flatten_images_one
# says: The first dimension, for the samples, is missing
# says: `squeeze` takes the first one away
def flatten_images(images):
    return images.reshape(-1, 784).squeeze()
