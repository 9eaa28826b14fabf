# fails: test_scale_pixels_values
# says: standardised
def scale_pixels(images):
    return (images - images.mean()) / images.std()
