# fails: test_flatten_images_shape
# says: the number of rows from the array itself
def flatten_images(images):
    return images.reshape(60000, 784)
