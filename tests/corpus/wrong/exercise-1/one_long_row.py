# fails: test_flatten_images_shape
# says: one long row
def flatten_images(images):
    return images.flatten()
