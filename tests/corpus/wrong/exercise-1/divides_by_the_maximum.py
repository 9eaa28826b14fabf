# fails: test_scale_pixels_values
# says: divided by the largest pixel
def scale_pixels(images):
    return images / images.max()
