# fails: test_batches_per_epoch_chapter
# says: There is one batch too many
def batches_per_epoch(samples, batch_size=32):
    return samples // batch_size + 1
