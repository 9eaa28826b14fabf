# fails: test_batches_per_epoch_chapter
# says: multiplied by the batch size
def batches_per_epoch(samples, batch_size=32):
    return samples * batch_size
