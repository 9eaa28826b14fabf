# fails: test_flatten_images_one
# says: 1 dimensions instead of 2
# says: `squeeze` takes the first one away
def flatten_images(images):
    return images.reshape(-1, 784).squeeze()
