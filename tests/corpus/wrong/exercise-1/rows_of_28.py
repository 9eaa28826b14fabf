# fails: test_flatten_images_shape
# says: a whole image is one row
def flatten_images(images):
    return images.reshape(-1, 28)
