# fails: test_scale_pixels_any_number
# says: scale_pixels raised ValueError
def scale_pixels(images):
    if images.max() <= 1:
        return images
    return images / 255
