# fails: test_flatten_images_shape
# says: of length 1, at the front
def flatten_images(images):
    return images.reshape(1, len(images), 784)
