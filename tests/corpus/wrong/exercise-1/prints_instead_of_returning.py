# fails: test_scale_pixels_shape
# says: returned nothing (None)
def scale_pixels(images):
    print(images / 255.0)
