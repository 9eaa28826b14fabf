# fails: test_flatten_images_order
# says: mixes pixels of several images
def flatten_images(images):
    return images.reshape(784, -1).T
