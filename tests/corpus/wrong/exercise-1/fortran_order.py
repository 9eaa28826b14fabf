# fails: test_flatten_images_order
# says: Fortran order
def flatten_images(images):
    return images.reshape(len(images), -1, order="F")
