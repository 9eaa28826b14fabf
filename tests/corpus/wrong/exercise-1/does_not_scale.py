# fails: test_scale_pixels_values
# says: not scaled
def scale_pixels(images):
    return images.astype("float32")
