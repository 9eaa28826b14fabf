# fails: test_flatten_images_shape
# says: one dimension too many
def flatten_images(images):
    return images.reshape(len(images), 784, 1)
