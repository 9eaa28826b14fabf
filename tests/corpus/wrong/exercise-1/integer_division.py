# fails: test_scale_pixels_values
# says: integer division
def scale_pixels(images):
    return images // 255
