# fails: test_flatten_images_shape
# says: Rows and columns are exchanged
def flatten_images(images):
    return images.reshape(len(images), -1).T
