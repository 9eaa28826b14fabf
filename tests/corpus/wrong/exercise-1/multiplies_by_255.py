# fails: scale_pixels
# says: multiplied by 255
def scale_pixels(images):
    return images * 255
