# fails: scale_pixels
# says: scale_pixel
def scale_pixel(images):
    return images / 255
