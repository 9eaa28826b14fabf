# fails: test_flatten_images_order, test_flatten_images_dtype
# says: flatten_images scaled the pixels
# says: uint8 images came back as float64
# says: Leave the division to scale_pixels
def flatten_images(images):
    return images.reshape(-1, 784) / 255
