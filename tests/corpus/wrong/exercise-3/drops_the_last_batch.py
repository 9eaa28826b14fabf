# fails: test_batches_per_epoch_smaller_last
# says: The last, smaller batch is left out
def batches_per_epoch(samples, batch_size=32):
    return samples // batch_size
