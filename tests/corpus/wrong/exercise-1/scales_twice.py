# fails: test_scale_pixels_values
# says: scaled twice
def scale_pixels(images):
    images = images / 255.0
    return images / 255.0
