# fails: test_batches_per_epoch_chapter
# says: fewer arguments
def batches_per_epoch(samples, batch_size):
    return -(-samples // batch_size)
