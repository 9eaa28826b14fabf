# fails: test_scale_pixels_unchanged, test_scale_pixels_values
# says: in place
# says: Make a new array instead
def scale_pixels(images):
    images /= 255
    return images
