# fails: test_flatten_images_shape
# says: not flattened
def flatten_images(images):
    images.reshape(-1, 784)
    return images
