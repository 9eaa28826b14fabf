# fails: test_scale_pixels_values
# says: from -1 to 1
def scale_pixels(images):
    return images / 127.5 - 1
