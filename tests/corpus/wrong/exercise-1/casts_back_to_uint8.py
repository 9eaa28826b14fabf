# fails: test_scale_pixels_values
# says: conversion to integers
def scale_pixels(images):
    return (images / 255).astype("uint8")
