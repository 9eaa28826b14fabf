# fails: test_scale_pixels_unchanged, test_scale_pixels_values
# says: `images / 255` makes a new array
def scale_pixels(images):
    images[:] = images / 255
    return images
