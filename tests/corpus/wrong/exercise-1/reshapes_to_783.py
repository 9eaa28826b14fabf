# fails: test_flatten_images_shape
# says: cannot be cut into rows of 783
# says: an image has 28 x 28 pixels
def flatten_images(images):
    return images.reshape(-1, 783)
