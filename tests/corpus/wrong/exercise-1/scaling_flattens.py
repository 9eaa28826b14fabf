# fails: test_scale_pixels_shape
# says: that is what flatten_images is for
def scale_pixels(images):
    return images.reshape(-1, 784) / 255.0
