# fails: test_flatten_images_order
# says: column by column
def flatten_images(images):
    return images.transpose(0, 2, 1).reshape(-1, 784)
