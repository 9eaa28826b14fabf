# fails: test_flatten_images_shape
# says: Rows and columns are exchanged
def flatten_images(images):
    return images.reshape(28 * 28, -1)
