from sklearn.model_selection import train_test_split


def scale_pixels(images):
    scaled = images.astype("float64").copy()
    scaled /= 255
    return scaled


def flatten_images(images):
    flat = images.copy()
    flat.shape = (images.shape[0], 784)
    return flat
